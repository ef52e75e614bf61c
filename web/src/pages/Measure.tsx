// SPDX-License-Identifier: Apache-2.0
// Measure.tsx - the list of measures, and one of them in full.
import {useTools} from '../context';
import {Code} from '../ui/Code';
import {Waiting} from '../ui/Empty';
import {useMeasure} from '../ui/useMeasure';
import {Missing} from './Missing';

export function Measures() {
    const {t, measures, url} = useTools();
    return <div>
        <h1>{t('measuresTitle')}</h1>
        <p class="aside">{t('measuresHint')}</p>
        <ul class="cards">{[...measures.values()].map(m => <li key={m.name}>
            <a class="card" href={url(`/measure/${m.name}`)}><strong>{m.name}</strong>
                <span lang="en">{m.summary}</span></a></li>)}</ul>
    </div>;
}

export function MeasurePage({name}: {name: string}) {
    const {t, measures, url} = useTools();
    const known = [...measures.values()].some(x => x.name === name || x.aliases.includes(name));
    const m = useMeasure(name);
    if (!m) {
        return known ? <Waiting /> : <Missing />;
    }
    const choices = (c: unknown) => Array.isArray(c) ? c.join(', ')
        : typeof c === 'string' && c ? c.split(' ').join(', ') : '';
    return <div class="narrow measure-page">
        <p class="crumbs"><a href={url('/measure')}>{t('measuresTitle')}</a> ›</p>
        <h1>{m.name}</h1>
        <p class="sentence" lang="en">{m.summary}</p>
        {m.detail && <p class="lines" lang="en">{m.detail}</p>}
        {m.formula && <><h2>{t('formula')}</h2><pre class="code-block" tabIndex={0}>{m.formula}</pre></>}
        {m.example && <><h2>{t('example')}</h2><Code text={m.example.startsWith('--') ? `quipu ${m.name} cube.quipu ${m.example}`
            : m.example} label={t('example')} /></>}
        {m.reference && <><h2>{t('reference')}</h2><p lang="en">{m.reference}</p></>}
        {m.params.length > 0 && <><h2>{t('options')}</h2>
            <dl class="facts" lang="en">{m.params.map(p => <div key={p.name}>
                <dt><code>--{p.name}</code></dt>
                <dd>{p.help}{choices(p.choices) && <small> [{choices(p.choices)}]</small>}
                    {p.default && <small> ({p.default})</small>}</dd></div>)}</dl></>}
        {m.columns.length > 0 && <><h2>{t('columnsWord')}</h2>
            <dl class="facts" lang="en">{m.columns.map(c => <div key={c.name}>
                <dt><code>{c.name}</code></dt><dd>{c.label}{c.unit && <small> {c.unit}</small>}</dd>
            </div>)}</dl></>}
        {m.needs === 'cube' && <p><a class="button"
            href={url(`/explore?measure=${m.name}`)}>{t('tryIt')}</a></p>}
    </div>;
}
