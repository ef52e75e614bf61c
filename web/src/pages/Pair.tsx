// SPDX-License-Identifier: Apache-2.0
// Pair.tsx - two countries: trade in both directions, duties and investments on one page.
import type {Table} from '../api';
import {useTools} from '../context';
import {money} from '../format';
import {apiUrl, ask, type Params} from '../query';
import {go, useRoute, withQuery} from '../route';
import {books, bothFlows, goodsLevel, mainFlow, otherWay, pairBooks, type Flow} from '../trade';
import {Toggle} from '../ui/Choice';
import {Empty} from '../ui/Empty';
import {Figure} from '../ui/Figure';
import {Ranking} from '../ui/Ranking';
import {useData} from '../ui/useData';
import {useYears} from '../ui/useYears';
import {Years} from '../ui/Years';
import {cubeWord, viewPath} from '../visualize';
import {goodsQuery, overYears, span} from './Country';
import {InvestmentsOf} from './Investments';
import {Missing} from './Missing';
import {Sentence} from '../ui/Sentence';

export function Pair({a, b}: {a: string; b: string}) {
    const {t, info, byCode, name, lang, url, hasProducts, measures} = useTools();
    const {query} = useRoute();
    const one = byCode.get(a.toUpperCase()), two = byCode.get(b.toUpperCase());
    const asked = query.get('flow');
    const usual = books(info, one, mainFlow(info)) ? mainFlow(info) : otherWay(mainFlow(info));
    const flow: Flow = asked === 'import' || asked === 'export' ? asked : usual;
    const params: Params | null = one && two ? pairBooks(info, one, two, flow) : null;
    const mirrored = params !== null && params.reporter !== one?.iso3;
    const {years, year, values, ready, setYear} = useYears(params);
    const level = goodsLevel(info.cube.nomenclature);
    const column = level === 'product' ? 'product' : 'class';
    const total = values.get(year) ?? 0;
    const goods = useData<Table>(params && total && hasProducts
        ? apiUrl(goodsQuery(params, level, year)) : null);
    if (!one || !two) {
        return <Missing why={t('noCountry', {code: (one ? b : a).toUpperCase()})} />;
    }
    const both = mirrored ? params : {...bothFlows(info, one), partner: two.iso3};
    const first = name(one.iso3), second = name(two.iso3);
    const product = (c: string) => url(`/profile/product/${c}`);
    const [seller, buyer] = flow === 'export' ? [first, second] : [second, first];
    const open = (chart: string) => viewPath(lang, {chart,
        cube: cubeWord(info.cube.nomenclature), flow, country: one.iso3.toLowerCase(),
        partner: two.iso3.toLowerCase(), what: 'show', from: year, to: year});
    return <div class="profile">
        <h1><a href={url(`/profile/country/${a}`)}>{first}</a> {t('and')}{' '}
            <a href={url(`/profile/country/${b}`)}>{second}</a>
            <a class="swap" href={url(`/profile/pair/${b}/${a}`)} title={t('swap')}
                aria-label={t('swap')}>⇄</a></h1>
        <div class="controls">
            <Toggle label={t('flow')} value={flow} onChange={f => withQuery({flow: f})}
                items={[{value: 'export', label: t('aToB', {a: first, b: second})},
                    {value: 'import', label: t('aToB', {a: second, b: first})}]} />
            {total > 0 && <Years years={years} year={year} onYear={setYear} />}
        </div>
        {!params ? <Empty why={t('noReport', {country: first})} />
            : ready && !total ? <Empty why={years.length ? t('noYear', {year, years: span(years)})
                : t('noPair')} />
            : <Sentence lead={t('soldTo', {year, country: seller, partner: buyer,
                value: money(total, lang)})} total={total} goods={goods.value} goodsColumn={column}
                partners={null} buying={false} partnerHref={product} goodHref={product} />}
        {mirrored && <p class="aside">{t('mirrorNote', {country: first})}</p>}
        <div class="grid">
            {params && total > 0 && hasProducts && <Figure goods height={430}
                title={t('aToB', {a: seller, b: buyer})} chart={{kind: 'treemap'}}
                query={goodsQuery(params, level, year)} open={open('tree_map')}
                onPick={r => go(product(String(r[column])))} />}
            {params && goods.value && <section class="figure"><header>
                <h2>{t('topProducts')}</h2></header>
                <Ranking table={goods.value} column={column} total={total} href={product} />
            </section>}
            {params && both && years.length > 1 && <Figure title={t(both.by ? 'bothDirections' : 'overTimePair')}
                height={320} chart={{kind: 'line'}} wide={!hasProducts || !both.by}
                query={ask('value', both)} />}
            {params && both?.by === 'flow' && <Figure title={t('balance')} height={320} chart={{kind: 'bar'}}
                query={ask('balance', {reporter: one.iso3, partner: two.iso3})}
                wide={!hasProducts} />}
            {params && total > 0 && hasProducts && <Figure title={t('structure')} height={320}
                query={ask('structure', {...params, by: 'technology'})} chart={overYears(years)} />}
            {params && total > 0 && hasProducts && <Figure title={t('bySector')} height={320}
                query={ask('structure', {...params, by: 'sector'})} chart={overYears(years)} />}
            {params && years.length > 1 && year > years[0]! && <Figure start="table" wide
                title={t('growth')} query={ask('growth', {...params, years: `${years[0]}-${year}`})} />}
            {measures.has('preference') && hasProducts && <Duties importer={two.iso3}
                exporter={one.iso3} always />}
            {measures.has('preference') && hasProducts && <Duties importer={one.iso3}
                exporter={two.iso3} />}
            <InvestmentsOf code={two.iso3} always />
        </div>
    </div>;
}

function Duties({importer, exporter, always}: {importer: string; exporter: string;
    always?: boolean}) {
    const {t, name} = useTools();
    const query = ask('preference', {reporter: importer, partner: exporter});
    const table = useData<Table>(apiUrl(query));
    if (!table.value?.rows.length) {
        return table.error && always ? <Figure query={null} why={table.error.message} wide
            title={t('margins')} /> : null;
    }
    return <Figure query={query} wide chart={{kind: 'line', y: 'applied'}} height={300}
        title={t('marginsOf', {importer: name(importer), exporter: name(exporter)})} />;
}
