// SPDX-License-Identifier: Apache-2.0
// Start.tsx - who sells what to whom, before anything is asked.
import type {Table} from '../api';
import {useTools} from '../context';
import {money, percent} from '../format';
import {apiUrl, ask} from '../query';
import {go} from '../route';
import {goodsLevel, mainFlow, onlyCountry} from '../trade';
import {Figure} from '../ui/Figure';
import {Search} from '../ui/Search';
import {shortName} from '../ui/grouped';
import {useData} from '../ui/useData';
import {useYears} from '../ui/useYears';
import {Years} from '../ui/Years';
import {cubeWord, viewPath} from '../visualize';
import {Country} from './Country';

export function Start() {
    const {t, info, countries, name} = useTools();
    const only = onlyCountry(countries);
    const {cube, periods} = info;
    return <div>
        <div class="hero">
            <h1>{only ? t('startOne', {country: name(only.iso3)}) : t('tagline')}</h1>
            <Search large />
            <p class="cube-line">{t('cubeLine', {source: cube.source, release: cube.release,
                years: [...new Set([periods[0], periods.at(-1)])].join('–')})}</p>
        </div>
        {only ? <Country code={only.iso3} bare /> : <WorldTrade />}
        <AllCountries />
    </div>;
}

const MOST = 8;

function WorldTrade() {
    const {t, info, lang, url} = useTools();
    const flow = mainFlow(info);
    const {years, year, values, setYear} = useYears({flow});
    const total = values.get(year) ?? 0;
    const sellers = ask('value', {flow, by: 'reporter', years: String(year), sort: 'value'});
    const table = useData<Table>(total ? apiUrl(sellers) : null);
    const low = (c: unknown) => String(c).toLowerCase();
    return <div class="profile">
        <div class="controls">
            <h2>{t('taglineLong', {year})}</h2>
            {total > 0 && years.length > 1 && <Years years={years} year={year} onYear={setYear} />}
        </div>
        <div class="grid">
            {table.value && <WhoWhatWhom sellers={table.value} year={year} total={total} />}
            {total > 0 && <Figure title={t(flow)} wide query={sellers} chart={{kind: 'map'}}
                onPick={r => go(url(`/profile/country/${low(r.reporter)}`))}
                open={viewPath(lang, {chart: 'geomap', cube: cubeWord(info.cube.nomenclature), flow,
                    country: 'show', partner: 'all', what: 'all', from: year, to: year})} />}
        </div>
    </div>;
}

function WhoWhatWhom({sellers, year, total}: {sellers: Table; year: number; total: number}) {
    const tools = useTools(), {t, info, lang, url, nameIn, hasProducts, hasPartners} = tools;
    const flow = mainFlow(info);
    const rows = sellers.rows.filter(r => typeof r.value === 'number').slice(0, MOST);
    const codes = rows.map(r => String(r.reporter)).join(',');
    const level = goodsLevel(info.cube.nomenclature);
    const column = level === 'product' ? 'product' : 'class';
    const of = (by: string) => apiUrl(ask('top', {reporter: codes, flow, by: `reporter,${by}`,
        years: String(year), limit: '3'}));
    const goods = useData<Table>(hasProducts ? of(level) : null);
    const buyers = useData<Table>(hasPartners ? of('partner') : null);
    const top = Math.max(...rows.map(r => r.value as number));
    const chips = (table: Table | null, reporter: unknown, by: string,
        href: (code: string) => string) => (table?.rows ?? [])
        .filter(r => r.reporter === reporter).map(r => <a class="chip" key={String(r[by])}
            href={href(String(r[by]))} title={nameIn(r, by)}>{shortName(nameIn(r, by), 34)}{' '}
            <small>{percent(r.share, lang, 0)}</small></a>);
    return <section class="figure wide who">
        <div class={'who-table' + (hasPartners ? '' : ' narrow')} role="table" aria-label={t('taglineLong', {year})}>
            <div role="row" class="head"><span role="columnheader">{t('seller')}</span>
                <span role="columnheader">{t('sells')}</span>
                {hasProducts && <span role="columnheader">{t('itsGoods')}</span>}
                {hasPartners && <span role="columnheader">
                    {t(flow === 'export' ? 'itsBuyers' : 'fromWhom')}</span>}</div>
            {rows.map(r => {
                const low = String(r.reporter).toLowerCase();
                return <div role="row" key={low}>
                    <span role="cell"><a class="name" href={url(`/profile/country/${low}`)}>
                        {nameIn(r, 'reporter')}</a></span>
                    <span role="cell" class="sold"><span class="bar" aria-hidden="true"><i style={
                        {width: `${100 * (r.value as number) / top}%`}} /></span>
                    <span>{money(r.value, lang)}{' '}
                        <small>{percent((r.value as number) / total, lang, 0)}</small></span></span>
                    {hasProducts && <span role="cell" class="chips">{chips(goods.value, r.reporter,
                        column, c => url(`/profile/product/${c}`))}</span>}
                    {hasPartners && <span role="cell" class="chips">{chips(buyers.value, r.reporter,
                        'partner', c => url(`/profile/pair/${low}/${c.toLowerCase()}`))}</span>}
                </div>;
            })}
        </div>
    </section>;
}

function AllCountries() {
    const {t, countries, name, url} = useTools();
    const list = countries.filter(c => c.kind === 'country' || c.export || c.import)
        .map(c => ({code: c.iso3, label: name(c.iso3)}))
        .sort((a, b) => a.label.localeCompare(b.label));
    return <details class="all-countries"><summary>{t('allCountries')} ({list.length})</summary>
        <ul>{list.map(c => <li key={c.code}>
            <a href={url(`/profile/country/${c.code.toLowerCase()}`)}>{c.label}</a></li>)}</ul>
    </details>;
}
