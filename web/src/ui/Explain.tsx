// SPDX-License-Identifier: Apache-2.0
// Explain.tsx - how a figure was calculated, what it is a share of, and where it is from.
import type {ComponentChildren} from 'preact';
import type {Table} from '../api';
import {useTools} from '../context';
import type {Query} from '../query';
import {useMeasure} from './useMeasure';

export function Explain({table, query}: {table: Table; query: Query}) {
    const {t, url} = useTools();
    const m = useMeasure(query.measure);
    const s = table.source;
    return <div class="explain">
        <p class="said">{table.title}</p>
        <dl>
            {m && <Item term={t('question')}>{m.summary}</Item>}
            {m?.formula && <Item term={t('formula')}><span class="formula">{m.formula}</span></Item>}
            {table.notes.length > 0 && <Item term={t('denominator')}>
                <ul>{table.notes.map(n => <li key={n}>{n}</li>)}</ul></Item>}
            {m?.detail && <Item term={t('howCalculated')}><span class="lines">{m.detail}</span></Item>}
            {m?.reference && <Item term={t('reference')}>{m.reference}</Item>}
            <Item term={t('source')}>{s.source}{s.valuation && `; ${s.valuation}`}</Item>
            <Item term={t('vintage')}>{[s.release, s.nomenclature].filter(Boolean).join('; ')}
                {s.cube && <><br /><code>{s.cube}</code></>}{s.engine && <><br />{s.engine}</>}</Item>
        </dl>
        <p><a href={url(`/measure/${query.measure}`)}>{t('moreOnMeasure', {name: query.measure})}</a></p>
    </div>;
}

function Item({term, children}: {term: string; children: ComponentChildren}) {
    return <><dt>{term}</dt><dd>{children}</dd></>;
}
