// SPDX-License-Identifier: Apache-2.0
// Explore.tsx - the table builder: any measure, rows and columns freely chosen.
import type {Country, Table} from '../api';
import {useTools, type Tools} from '../context';
import {apiUrl, ask, type Query} from '../query';
import {useRoute, withQuery} from '../route';
import {levels, mainFlow, onlyCountry} from '../trade';
import {Actions} from '../ui/Actions';
import {Choice, Toggle} from '../ui/Choice';
import {DataTable} from '../ui/DataTable';
import {Empty, Failed, Waiting} from '../ui/Empty';
import {Field} from '../ui/Field';
import {Pivot} from '../ui/Pivot';
import {useData} from '../ui/useData';
import {useMeasure} from '../ui/useMeasure';
import {levelName} from './Visualize';

// What the table is asked for, out of the address; the rest of its options go to the measure
// as they are.
const OWN = new Set(['measure', 'rows', 'cols', 'figure', 'v', 'year']);

function firstChoice(tools: Tools): Record<string, string> {
    const only: Country | null = onlyCountry(tools.countries), flow = mainFlow(tools.info);
    const mirror = only && !only[flow] && !tools.info.flows.includes('reconciled');
    const last = tools.last, first = Math.max(tools.info.periods[0] ?? last, last - 4);
    return {measure: 'value', rows: only ? 'partner' : 'reporter', cols: 'year',
        reporter: only?.iso3 ?? '', flow: mirror ? 'export' : flow,
        basis: mirror ? 'mirror' : '', years: `${first}-${last}`};
}

export function Explore() {
    const tools = useTools(), {t, measures, lang, info} = tools;
    const {query} = useRoute();
    const asked = Object.fromEntries(query);
    const chosen: Record<string, string> = query.has('measure') ? asked
        : {...firstChoice(tools), ...asked};
    const set = (changes: Record<string, string>) => withQuery({...chosen, ...changes});
    const measure = measures.get(chosen.measure ?? '') ?? measures.get('value')!;
    const full = useMeasure(measure.name);
    const takes = (name: string) => !!full?.params.some(p => p.name === name);
    const by = [chosen.rows, chosen.cols].filter(d => d && d !== 'year').join(',');
    const params = Object.fromEntries(Object.entries(chosen)
        .filter(([k, v]) => !OWN.has(k) && v));
    const question: Query = ask(measure.name, {...params, ...takes('by') && by ? {by} : {}});
    const table = useData<Table>(full && apiUrl(question, undefined, {}, lang));
    const dims = ['partner', 'reporter', 'flow', ...levels(info.cube.nomenclature)];
    const label = (d: string) => d === 'partner' ? t('partner') : d === 'reporter' ? t('country')
        : d === 'flow' ? t('flow') : levelName(tools, d);
    const items = dims.map(d => ({value: d, label: label(d)}));
    const figures = (table.value?.columns ?? []).filter(c => c.role === 'figure' &&
        c.type !== 'text');
    const figure = figures.find(c => c.name === chosen.figure) ??
        figures.find(c => c.name === measure.figure) ?? figures[0];
    const field = (name: string, text: string, hint: string) => takes(name) &&
        <Field label={text} value={chosen[name] ?? ''} placeholder={hint}
            onChange={v => set({[name]: v})} />;
    return <div class="explore">
        <h1>{t('builderTitle')}</h1>
        <p class="aside">{t('builderHint')}</p>
        <div class="panel">
            <div class="choices">
                <Choice label={t('measure')} value={measure.name} onChange={m => set({measure: m,
                    figure: ''})} items={[...measures.values()].filter(m => m.needs === 'cube')
                    .map(m => ({value: m.name, label: `${m.name} – ${m.summary}`}))} />
                {takes('by') && <Choice label={t('rows')} value={chosen.rows ?? ''}
                    onChange={rows => set({rows})} items={[{value: '', label: '–'}, ...items]} />}
                {takes('by') && <Choice label={t('columns')} value={chosen.cols ?? ''}
                    onChange={cols => set({cols})} items={[{value: '', label: '–'},
                        {value: 'year', label: t('year')}, ...items]} />}
                {figures.length > 1 && <Choice label={t('figure')} value={figure?.name ?? ''}
                    onChange={f => set({figure: f})} items={figures
                        .map(c => ({value: c.name, label: tools.label(c)}))} />}
            </div>
            <div class="choices">
                {field('reporter', t('country'), 'PER')}
                {field('partner', t('partner'), 'CHN,JPN,asean')}
                {tools.hasProducts && field('product', t('product'), '2603,72-83')}
                {field('years', t('years'), '1995-2011')}
                {takes('flow') && <Toggle label={t('flow')} value={chosen.flow ?? ''}
                    onChange={flow => set({flow})} items={[{value: 'export', label: t('export')},
                        {value: 'import', label: t('import')}]} />}
                {takes('basis') && <Choice label={t('basis')} value={chosen.basis ?? ''}
                    onChange={basis => set({basis})} items={[{value: '', label: t('basisReporter')},
                        {value: 'mirror', label: t('basisMirror')}]} />}
                {field('limit', t('limit'), t('all'))}
            </div>
        </div>
        <section class="figure wide">
            {table.value && <header><h2>{table.value.title}</h2>
                <Actions query={question} table={table.value} title={table.value.title} as="table" />
            </header>}
            {table.error ? <Failed error={table.error} /> : !table.value ? <Waiting />
                : table.value.rows.length === 0 ? <Empty why={t('noRowsWhy')}>
                    {table.value.notes.map(n => <p key={n}>{n}</p>)}</Empty>
                : figure && chosen.rows && chosen.cols
                    ? <Pivot table={table.value} rows={chosen.rows} cols={chosen.cols}
                        figure={figure} />
                    : <DataTable table={table.value} />}
        </section>
    </div>;
}
