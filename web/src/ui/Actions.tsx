// SPDX-License-Identifier: Apache-2.0
// Actions.tsx - what can be done with a figure: table, explanation, files, code, study.
import {useEffect, useRef, useState} from 'preact/hooks';
import type {Table} from '../api';
import {useTools} from '../context';
import {apiUrl, commandOf, pythonOf, rOf, yamlOf, type ChartWish, type Query} from '../query';
import {Code} from './Code';
import {Dialog} from './Dialog';
import {Explain} from './Explain';

interface Props {
    query: Query; chart?: ChartWish; table: Table; title: string;
    as: 'chart' | 'table'; setAs?: (as: 'chart' | 'table') => void; open?: string;
}

type Shown = 'explain' | 'copy' | 'study' | null;

export function Actions({query, chart, table, title, as, setAs, open}: Props) {
    const {t, lang, info} = useTools();
    const [shown, setShown] = useState<Shown>(null);
    const close = () => setShown(null);
    const link = location.href;
    return <div class="actions">
        {setAs && <button type="button" onClick={() => setAs(as === 'chart' ? 'table' : 'chart')}>
            {t(as === 'chart' ? 'asTable' : 'asChart')}</button>}
        <button type="button" onClick={() => setShown('explain')}>{t('explain')}</button>
        <Files query={query} chart={chart} title={title} />
        <button type="button" onClick={() => setShown('copy')}>{t('copy')} …</button>
        <button type="button" onClick={() => setShown('study')}>{t('addToStudy')}</button>
        {open && <a href={open} title={t('openHint')}>{t('open')} ↗</a>}
        {shown === 'explain' && <Dialog title={title} onClose={close}>
            <Explain table={table} query={query} /></Dialog>}
        {shown === 'copy' && <Dialog title={t('copy')} onClose={close}>
            <h3>{t('asCommand')}</h3>
            <Code text={table.command ?? commandOf(query)} label={t('asCommand')} />
            <h3>{t('asR')}</h3>
            <Code text={rOf(query, table.columns, location.origin, lang)} label={t('asR')} />
            <h3>{t('asPython')}</h3>
            <Code text={pythonOf(query, table.columns, location.origin, lang)}
                label={t('asPython')} />
            <h3>{t('link')}</h3>
            <Code text={pinned(link, info.cube.fingerprint)} label={t('link')} />
        </Dialog>}
        {shown === 'study' && <Dialog title={t('addToStudy')} onClose={close}>
            <p>{t('yamlHint')}</p>
            <Code text={yamlOf(query, as === 'chart' ? chart ?? {} : {}, info, title)}
                label={t('addToStudy')} />
        </Dialog>}
    </div>;
}

function pinned(link: string, release: string): string {
    const u = new URL(link);
    u.searchParams.set('v', release);
    return u.href;
}

// The disclosure of the browser: opens by Enter, closes when the reader goes elsewhere.
function Files({query, chart, title}: {query: Query; chart?: ChartWish; title: string}) {
    const {t, lang} = useTools();
    const box = useRef<HTMLDetailsElement>(null);
    useEffect(() => {
        const away = (e: Event) => {
            const out = e instanceof KeyboardEvent ? e.key === 'Escape'
                : !box.current?.contains(e.target as Node);
            if (out && box.current) {
                box.current.open = false;
            }
        };
        addEventListener('click', away);
        addEventListener('keydown', away);
        return () => {
            removeEventListener('click', away);
            removeEventListener('keydown', away);
        };
    }, []);
    const kinds = ['csv', 'xlsx', 'arrow', 'json', ...(chart ? ['svg', 'png'] : [])] as
        ('csv' | 'xlsx' | 'arrow' | 'json' | 'svg' | 'png')[];
    return <details ref={box} class="menu">
        <summary>{t('download')}</summary>
        <ul>{kinds.map(k => <li key={k}>
            <a href={apiUrl(query, k, {...chart, title: chart?.title ?? title}, lang)} download>
                {t(k)}</a></li>)}</ul>
    </details>;
}
