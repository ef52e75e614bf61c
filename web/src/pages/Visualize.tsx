// SPDX-License-Identifier: Apache-2.0
// Visualize.tsx - any cut of the cube as a figure; the path says it all.
import {useMemo} from 'preact/hooks';
import type {Row, Table} from '../api';
import {useTools, type Tools} from '../context';
import {apiUrl, ask, type ChartWish, type Query} from '../query';
import {go, useRoute} from '../route';
import {books, finer, goodsLevel, levels} from '../trade';
import {Choice, Toggle, type Item} from '../ui/Choice';
import {Code} from '../ui/Code';
import {Empty} from '../ui/Empty';
import {Figure} from '../ui/Figure';
import {useData} from '../ui/useData';
import {Years} from '../ui/Years';
import {chartWords, codes, kindOf, readView, viewPath, type View} from '../visualize';
import {Crumbs} from './Crumbs';

const OVER_TIME = new Set(['line', 'area', 'heatmap']);
const MOST: Record<string, number> = {line: 12, area: 9, bar: 20, heatmap: 25, treemap: 150,
    sankey: 16, network: 60};

export function Visualize({path}: {path: string[]}) {
    const tools = useTools(), {t, info, lang, last} = tools;
    const {query} = useRoute();
    const view = readView(path, last, info.cube.nomenclature);
    const more = {by: query.get('by') ?? '', within: query.get('within') ?? '',
        compare: query.get('compare') ?? ''};
    const embedded = query.has('embed') || location.pathname.includes('/embed/');
    const to = (change: Partial<View>, options: Partial<typeof more> = {}, replace = false) => {
        const next = new URLSearchParams();
        Object.entries({...more, ...options}).forEach(([k, v]) => v && next.set(k, v));
        if (embedded) {
            next.set('embed', '1');
        }
        go(viewPath(lang, {...view, ...change}) + (next.size ? `?${next}` : ''), replace);
    };
    const level = more.by || goodsLevel(info.cube.nomenclature);
    const largest = useLargest(view);
    const made = useMemo(() => questionOf(tools, view, level, more.within, largest),
        [JSON.stringify(view), level, more.within, lang, largest]);
    const other = otherView(view, more.compare);
    const compared = other && questionOf(tools, other, level, more.within, largest);
    const goods = ['heading', 'product', 'chapter'].includes(level) && view.what === 'show';
    const pick = (r: Row) => picked(tools, view, level, r, to);
    const figure = (v: View, q: Query | null, wide: boolean) => <Figure key={viewPath(lang, v)}
        title={titleOf(tools, v, level, more.within)} query={q} chart={chartOf(v)} goods={goods}
        height={kindOf(v.chart) === 'map' ? undefined : 520} wide={wide}
        untitled={wide && !embedded} onPick={pick}
        why={t('noReport', {country: tools.name(v.country)})} />;
    return <div class="visualize">
        {!embedded && <h1>{titleOf(tools, view, level, more.within)}</h1>}
        {!embedded && <Controls view={view} level={level} to={to} compare={more.compare} />}
        <Crumbs within={more.within} to={(within, by) => to({}, {within, by})} />
        <TimeControl view={view} to={to} />
        {view.what === 'show' && !tools.hasProducts
            ? <Empty why={t('noProducts', {nomenclature: info.cube.nomenclature})} />
            : <div class="grid">{figure(view, made, !compared)}
                {compared && figure(other, compared, false)}</div>}
        {!embedded && view.what === 'show' && tools.hasProducts && view.chart === 'tree_map' &&
            <p class="aside">{t('drillHint')}</p>}
        {!embedded && <details class="embed"><summary>{t('embedCode')}</summary>
            <Code label={t('embedCode')} text={`<iframe src="${location.origin}${location.pathname}` +
                `${location.search ? location.search + '&' : '?'}embed=1" width="800" height="640" ` +
                `title="${titleOf(tools, view, level, more.within)}"></iframe>`} /></details>}
    </div>;
}

type To = (change: Partial<View>, options?: {by?: string; within?: string; compare?: string},
    replace?: boolean) => void;

// Flows of all countries at once would be a carpet: the largest sellers are drawn.
const FLOWS_OF = '8';

function useLargest(v: View): string | undefined {
    const wanted = kindOf(v.chart) === 'sankey' && v.country === 'show';
    const table = useData<Table>(wanted ? apiUrl(ask('value', {flow: v.flow, by: 'reporter',
        years: String(v.from), sort: 'value', limit: FLOWS_OF})) : null);
    return wanted ? table.value?.rows.map(r => r.reporter).join(',') : undefined;
}

// A code as the second country, or another year.
function otherView(view: View, compare: string): View | null {
    if (!compare) {
        return null;
    }
    const year = Number(compare);
    return year > 0 ? {...view, from: year, to: year} : {...view, country: compare};
}

function chartOf(v: View): ChartWish {
    const kind = kindOf(v.chart);
    if (kind === 'sankey' || kind === 'network') {
        return {kind, x: v.country === 'show' ? 'reporter' : undefined};
    }
    return {kind};
}

function questionOf(tools: Tools, v: View, level: string, within: string,
    largest: string | undefined): Query | null {
    const {info, byCode} = tools;
    const kind = kindOf(v.chart), reporter = codes(v.country) ?? largest, partner = codes(v.partner);
    const by = [v.country === 'show' ? 'reporter' : '', v.partner === 'show' ? 'partner' : '',
        v.what === 'show' ? level : ''].filter(Boolean).slice(0, 2);
    // Flows need two ends.
    if ((kind === 'sankey' || kind === 'network') && by.length === 1) {
        by.unshift(by[0] === 'reporter' ? 'partner' : 'reporter');
        by.sort((a, b) => ends(a) - ends(b)); // goods last
    }
    const single = reporter && !reporter.includes(',') ? byCode.get(reporter) : undefined;
    const own = single ? books(info, single, v.flow as 'export' | 'import') : {
        reporter, flow: v.flow, basis: info.flows.includes(v.flow) ||
            info.flows.includes('reconciled') ? undefined : 'mirror'
    };
    if (!own) {
        return null;
    }
    const product = within || (v.what !== 'show' ? codes(v.what) : undefined);
    // Of each seller its few largest, where two lists are drawn.
    const timed = OVER_TIME.has(kind), most = v.country === 'show' && by.length === 2
        ? (kind === 'sankey' ? 4 : 2) : MOST[kind];
    const rest = by.length === 1 && kind !== 'map' && kind !== 'line' && kind !== 'heatmap';
    return ask('value', {
        ...own, partner, product, by: by.join(','),
        years: timed || v.to > v.from ? `${v.from}-${Math.max(v.to, v.from)}` : String(v.from),
        periods: !timed && v.to > v.from ? 'sum' : undefined,
        sort: by.length ? 'value' : undefined,
        limit: most && by.length ? String(most) : undefined, rest: rest ? 'true' : undefined
    });
}

const ends = (by: string) => ['reporter', 'partner', by].indexOf(by);

function titleOf(tools: Tools, v: View, level: string, within: string): string {
    const {t, name, lang} = tools;
    const names = (part: string) => (codes(part) ?? '').split(',').filter(Boolean).map(name)
        .join(` ${t('and')} `);
    const es = lang === 'es', out = v.flow === 'export';
    const who = names(v.country), whom = names(v.partner);
    let text = t(out ? 'export' : 'import');
    if (who) {
        text += (es ? ' de ' : ' of ') + who;
    }
    if (whom) {
        text += (out ? (es ? ' a ' : ' to ') : (es ? ' desde ' : ' from ')) + whom;
    }
    const shown = [v.country === 'show' && t('country').toLowerCase(),
        v.partner === 'show' && t('partner').toLowerCase(),
        v.what === 'show' && levelName(tools, level)].filter(Boolean) as string[];
    if (shown.length) {
        text += (es ? ', por ' : ', by ') + shown.join(` ${t('and')} `);
    }
    if (within || v.what !== 'show' && v.what !== 'all') {
        text += `, ${within || v.what}`;
    }
    return `${text}, ${v.to > v.from ? `${v.from}–${v.to}` : v.from}`;
}

export function levelName(tools: Tools, level: string): string {
    return LEVELS[level]?.[tools.lang === 'es' ? 1 : 0] ?? level;
}

const LEVELS: Record<string, [string, string]> = {
    section: ['HS section', 'sección'], chapter: ['HS chapter', 'capítulo'],
    heading: ['HS heading', 'partida'], product: ['product', 'producto'],
    technology: ['technology', 'tecnología'], sector: ['export sector', 'sector exportador'],
    lall: ['Lall class', 'clase de Lall'], 'isic-division': ['ISIC division', 'división CIIU'],
    'sitc2-section': ['SITC section', 'sección CUCI'],
    'sitc2-division': ['SITC division', 'división CUCI'],
    'sitc2-group': ['SITC group', 'grupo CUCI'], 'sitc3-section': ['SITC section', 'sección CUCI']
};

// Looking inside of what was clicked: goods open into finer goods, countries into their pair.
function picked(tools: Tools, v: View, level: string, r: Row, to: To): void {
    if (v.what === 'show') {
        const code = String(r.product ?? r.class ?? ''), next = finer(tools.info.cube.nomenclature,
            level);
        if (!code || code === 'rest' || code === 'unclassified') {
            return;
        }
        if (level === 'product' || !next) {
            go(tools.url(`/profile/product/${code}`));
        } else {
            to({}, {within: /^\d+$/.test(code) ? code : `${level}:${code}`, by: next});
        }
    } else if (v.partner === 'show' && tools.byCode.has(String(r.partner))) {
        if (codes(v.country)) {
            go(tools.url(`/profile/pair/${v.country}/${String(r.partner).toLowerCase()}`));
        }
    } else if (v.country === 'show' && tools.byCode.has(String(r.reporter))) {
        to({country: String(r.reporter).toLowerCase(), partner: 'show'});
    }
}

function Controls({view, level, to, compare}: {view: View; level: string; to: To;
    compare: string}) {
    const tools = useTools(), {t, countries, name, info, hasProducts} = tools;
    const named = countries.map(c => ({value: c.iso3.toLowerCase(), label: name(c.iso3)}))
        .sort((a, b) => a.label.localeCompare(b.label));
    const keep = (part: string, items: Item[]) => items.some(i => i.value === part) ? items
        : [{value: part, label: codes(part)?.split(',').map(name).join(' + ') ?? part}, ...items];
    const drawn = (word: 'showCountries' | 'showPartners' | 'showProducts'): Item =>
        ({value: 'show', label: `▦ ${t(word)}`});
    const sum: Item = {value: 'all', label: t('any')};
    const what = [...(hasProducts ? [drawn('showProducts')] : []), sum];
    const years = info.periods.filter(y => y !== view.from).reverse()
        .map(y => ({value: String(y), label: String(y)}));
    const kinds = chartWords.filter(w => info.charts.length === 0 ||
        info.charts.some(c => c.name === kindOf(w)));
    const byPlace = view.country === 'show' || view.partner === 'show';
    return <div class="panel">
        <Toggle label={t('chart')} value={view.chart} onChange={chart => {
            const timed = OVER_TIME.has(kindOf(chart));
            const first = info.periods[0] ?? view.from, last = info.periods.at(-1) ?? view.from;
            to({chart, ...timed && view.from === view.to ? {from: first, to: last} : {},
                ...!timed && OVER_TIME.has(kindOf(view.chart)) ? {from: view.to} : {},
                ...chart === 'geomap' && !byPlace ? {partner: 'show', what: 'all'} : {},
                ...chart === 'geomap' && byPlace && view.what === 'show' ? {what: 'all'} : {}});
        }} items={kinds.map(w => ({value: w, label: t(w as 'line')}))} />
        <div class="choices">
            <Toggle label={t('flow')} value={view.flow} onChange={flow => to({flow})}
                items={[{value: 'export', label: t('export')}, {value: 'import', label: t('import')}]} />
            <Choice label={t('country')} value={view.country} onChange={country => to({country,
                ...country === 'show' && view.partner === 'show' && kindOf(view.chart) !== 'network' &&
                    kindOf(view.chart) !== 'sankey' ? {partner: 'all'} : {}})}
                items={keep(view.country, [drawn('showCountries'), sum, ...named])} />
            <Choice label={t('partner')} value={view.partner} onChange={partner => to({partner,
                ...partner === 'show' && view.what === 'show' ? {what: 'all'} : {}})}
                items={keep(view.partner, [drawn('showPartners'), sum, ...named])} />
            <Choice label={t('product')} value={view.what} onChange={w => to({what: w,
                ...w === 'show' && view.partner === 'show' ? {partner: 'all'} : {}})}
                items={keep(view.what, what)} />
            {view.what === 'show' && hasProducts && <Choice label={t('level')} value={level}
                onChange={by => to({}, {by})} items={levels(info.cube.nomenclature)
                    .map(l => ({value: l, label: levelName(tools, l)}))} />}
            <Choice label={t('compare')} value={compare} onChange={c => to({}, {compare: c})}
                items={keep(compare, [{value: '', label: t('compareNone')}, ...years.slice(0, 40),
                    ...codes(view.country) ? named.filter(n => n.value !== view.country) : []])} />
        </div>
    </div>;
}

function TimeControl({view, to}: {view: View; to: To}) {
    const {t, info} = useTools();
    const items = info.periods.map(y => ({value: String(y), label: String(y)}));
    if (OVER_TIME.has(kindOf(view.chart)) || view.to > view.from) {
        return <div class="choices">
            <Choice label={t('from')} value={String(view.from)} items={items}
                onChange={y => to({from: Math.min(Number(y), view.to)})} />
            <Choice label={t('to')} value={String(view.to)} items={items}
                onChange={y => to({to: Math.max(Number(y), view.from)})} />
        </div>;
    }
    return <div class="controls"><Years years={info.periods} year={view.from}
        onYear={(y, replace) => to({from: y, to: y}, {}, replace)} /></div>;
}
