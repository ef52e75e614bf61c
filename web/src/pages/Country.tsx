// SPDX-License-Identifier: Apache-2.0
// Country.tsx - what a country sells to whom, and buys from whom.
import type {Row, Table} from '../api';
import {useTools} from '../context';
import {money} from '../format';
import {apiUrl, ask, type ChartWish, type Params} from '../query';
import {go, useRoute, withQuery} from '../route';
import {books, bothFlows, goodsLevel, mainFlow, otherWay, type Flow} from '../trade';
import {Toggle} from '../ui/Choice';
import {CountryChoice} from '../ui/CountryChoice';
import {Empty} from '../ui/Empty';
import {Figure} from '../ui/Figure';
import {Ranking} from '../ui/Ranking';
import {Sentence} from '../ui/Sentence';
import {useData} from '../ui/useData';
import {useYears} from '../ui/useYears';
import {Years} from '../ui/Years';
import {cubeWord, viewPath} from '../visualize';
import {Missing} from './Missing';
import {InvestmentsOf} from './Investments';

export const goodsQuery = (params: Params, level: string, year: number) =>
    ask('value', {...params, by: level, years: String(year), sort: 'value', limit: '150', rest: 'true'});
export const partnersQuery = (params: Params, year: number) =>
    ask('value', {...params, by: 'partner', years: String(year), sort: 'value', limit: '40',
        rest: 'true'});

export function Country({code, bare = false}: {code: string; bare?: boolean}) {
    const tools = useTools(), {t, info, byCode, name, lang, url, hasProducts, hasPartners} = tools;
    const {query} = useRoute();
    const country = byCode.get(code.toUpperCase());
    const first = country && books(info, country, mainFlow(info)) ? mainFlow(info)
        : otherWay(mainFlow(info));
    const flow: Flow = query.get('flow') === 'import' ? 'import'
        : query.get('flow') === 'export' ? 'export' : first;
    const params = books(info, country, flow);
    const {years, year, values, absent, ready, setYear} = useYears(params);
    const level = goodsLevel(info.cube.nomenclature);
    const column = level === 'product' ? 'product' : 'class';
    const total = ready ? values.get(year) ?? 0 : 0;
    const partners = useData<Table>(params && total && hasPartners
        ? apiUrl(partnersQuery(params, year)) : null);
    const goods = useData<Table>(params && total && hasProducts
        ? apiUrl(goodsQuery(params, level, year)) : null);
    if (!country) {
        return <Missing why={t('noCountry', {code: code.toUpperCase()})} />;
    }
    const who = name(country.iso3), low = country.iso3.toLowerCase();
    const pair = (partner: string) => url(`/profile/pair/${low}/${partner.toLowerCase()}`);
    const product = (c: string) => url(`/profile/product/${c}`);
    const open = (show: 'partner' | 'what', chart: string, from = year, to = year) =>
        viewPath(lang, {chart, cube: cubeWord(info.cube.nomenclature), flow, country: low,
            partner: show === 'partner' ? 'show' : 'all', what: show === 'what' ? 'show' : 'all',
            from, to});
    const lead = t(flow === 'export' ? 'sold' : 'bought',
        {year, country: who, value: money(total, lang)});
    const toPair = (r: Row) => byCode.has(String(r.partner)) && go(pair(String(r.partner)));
    const nothing = ready && !total;
    return <div class="profile">
        {!bare && <h1>{who}</h1>}
        <div class="controls">
            <Toggle label={t('flow')} value={flow} onChange={f => withQuery({flow: f})}
                items={[{value: 'export', label: t('export')}, {value: 'import', label: t('import')}]} />
            {params && total > 0 && <Years years={years} year={year} onYear={setYear} />}
        </div>
        {!params ? <Empty why={t('noReport', {country: who})} />
            : nothing ? <Empty why={years.length ? t('noYear', {year, years: span(years)})
                : t('noReport', {country: who})} />
            : total ? <>
                <Sentence lead={lead} total={total} goods={goods.value} goodsColumn={column}
                    partners={partners.value} buying={flow === 'import'}
                    partnerHref={pair} goodHref={product} />
                {params.basis && <p class="aside">{t('mirrorNote', {country: who})}{' '}
                    {absent.length > 0 && t('absent', {year, list: absent.map(name).join(', ')})}</p>}
            </> : <p class="sentence">{t('loading')}</p>}
        {params && total > 0 && <div class="grid">
            {hasProducts && <Figure title={t(flow === 'export' ? 'whatSells' : 'whatBuys')}
                query={goodsQuery(params, level, year)} chart={{kind: 'treemap'}} goods height={430}
                onPick={r => go(product(String(r[column])))} open={open('what', 'tree_map')} />}
            {hasPartners && <Figure title={t(flow === 'export' ? 'toWhom' : 'fromWhom')} height={430}
                query={partnersQuery(params, year)} chart={{kind: 'treemap'}}
                onPick={toPair} open={open('partner', 'tree_map')} />}
            {hasPartners && <Figure title={t(flow === 'export' ? 'mapTo' : 'mapFrom')} wide={hasProducts} height={420}
                query={ask('value', {...params, by: 'partner', years: String(year)})}
                chart={{kind: 'map'}} onPick={toPair} open={open('partner', 'geomap')} />}
            {hasPartners && <section class="figure"><header><h2>{t('topPartners')}</h2></header>
                {partners.value && <Ranking table={partners.value} column="partner" total={total}
                    href={c => byCode.has(c) ? pair(c) : null} />}</section>}
            {goods.value && <section class="figure"><header><h2>{t('topProducts')}</h2></header>
                <Ranking table={goods.value} column={column} total={total} href={product} /></section>}
            {years.length > 1 && <Figure title={t('overTime')} height={320} wide
                chart={{kind: 'line'}} query={ask('value', bothFlows(info, country) ?? params)} />}
            {hasProducts && <Figure title={t('structure')} height={320} chart={overYears(years)}
                query={ask('structure', {...params, by: 'technology'})} />}
            {hasProducts && <Figure title={t('bySector')} height={320} chart={overYears(years)}
                query={ask('structure', {...params, by: 'sector'})} />}
            {years.length > 1 && year > years[0]! && <Figure start="table" wide
                title={t('growthOf', {from: years[0]!, to: year})}
                query={ask('growth', {...params, by: 'partner', limit: '15',
                    years: `${years[0]}-${year}`})} />}
            <InvestmentsOf code={country.iso3} />
        </div>}
        {hasPartners && <PairPicker code={country.iso3} />}
    </div>;
}

// One year alone is no area.
export const overYears = (years: number[]): ChartWish => ({kind: years.length > 1 ? 'area' : 'bar'});

// Years in a row as one: 1976-1980, 1982-2016.
export function span(years: number[]): string {
    const out: string[] = [];
    for (let i = 0; i < years.length; i++) {
        const first = years[i]!;
        while (years[i + 1] === years[i]! + 1) {
            i++;
        }
        out.push(first === years[i] ? String(first) : `${first}–${years[i]}`);
    }
    return out.join(', ');
}

function PairPicker({code}: {code: string}) {
    const {t, name, url} = useTools();
    return <div class="picker"><CountryChoice label={`${name(code)} ${t('with')} …`} value=""
        onChange={p => p && go(url(`/profile/pair/${code.toLowerCase()}/${p.toLowerCase()}`))} />
    </div>;
}
