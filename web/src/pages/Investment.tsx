// SPDX-License-Identifier: Apache-2.0
// Investment.tsx - projects, where the money is from, and who owns them in the end.
import type {Table} from '../api';
import {useTools} from '../context';
import {apiUrl, ask} from '../query';
import {useRoute, withQuery} from '../route';
import {Choice} from '../ui/Choice';
import {Empty} from '../ui/Empty';
import {Figure} from '../ui/Figure';
import {useData} from '../ui/useData';

export function Investment() {
    const {t, info} = useTools();
    const {query} = useRoute();
    const projects = useData<Table>(info.register ? apiUrl(ask('invest-table', {})) : null);
    if (!info.register) {
        return <div class="narrow"><h1>{t('investTitle')}</h1><Empty why={t('noRegister')} /></div>;
    }
    const column = projects.value?.columns.some(c => c.name === 'project_name') ? 'project_name'
        : 'project';
    const names = new Map((projects.value?.rows ?? [])
        .map(r => [String(r.project), String(r[column])]));
    const chosen = query.get('project') ?? [...names.keys()][0] ?? '';
    const name = names.get(chosen) ?? chosen;
    return <div class="profile">
        <h1>{t('investTitle')}</h1>
        <p class="aside">{t('investHint')}</p>
        <div class="grid">
            <Figure title={t('investCountry')} wide query={ask('invest-country', {})}
                chart={{kind: 'bar'}} start="table" />
            <Figure title={t('investSector')} wide query={ask('invest-sector', {})}
                chart={{kind: 'bar'}} start="table" />
            {chosen && <Figure title={t('investTree', {name})} wide
                query={ask('invest-graph', {of: chosen})} chart={{kind: 'ownership'}}>
                <Choice label={t('investProjects')} value={chosen}
                    onChange={p => withQuery({project: p})}
                    items={[...names].map(([value, label]) => ({value, label}))} />
            </Figure>}
            {chosen && <Figure title={t('investOwners', {name})} wide
                query={ask('invest-owners', {of: chosen})} />}
            <Figure title={t('investProjects')} wide query={ask('invest-table', {})} />
        </div>
    </div>;
}
