// SPDX-License-Identifier: Apache-2.0
// Study.tsx - studies that were built, read as they were made.
import {useTools} from '../context';
import {Empty} from '../ui/Empty';

export function Study({id}: {id?: string}) {
    const {t, info, url} = useTools();
    if (!info.studies.length) {
        return <div class="narrow"><h1>{t('studiesTitle')}</h1><Empty why={t('studiesNone')} /></div>;
    }
    const one = id ?? (info.studies.length === 1 ? info.studies[0] : undefined);
    if (!one) {
        return <div><h1>{t('studiesTitle')}</h1><ul class="cards">{info.studies.map(s => <li key={s}>
            <a class="card" href={url(`/study/${s}`)}><strong>{s}</strong></a></li>)}</ul></div>;
    }
    const base = `/api/v1/studies/${encodeURIComponent(one)}/`;
    return <div>
        <div class="controls"><h1>{one}</h1>
            <a href={base + 'index.html'} target="_blank" rel="noopener">{t('studyOwnPage')} ↗</a>
            {['study.xlsx', 'study.md', 'study.tex', 'differences.csv', 'manifest.json']
                .map(f => <a key={f} href={base + f} download>{f}</a>)}</div>
        <iframe class="study" src={base + 'index.html'} title={one} />
    </div>;
}
