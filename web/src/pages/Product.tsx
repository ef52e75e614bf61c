// SPDX-License-Identifier: Apache-2.0
// Product.tsx - who sells a product, and who buys it.
import type {Product, Row, Table} from '../api';
import {useTools} from '../context';
import {money} from '../format';
import {apiUrl, ask} from '../query';
import {go} from '../route';
import {finer, mainFlow, onlyCountry, books} from '../trade';
import {Empty} from '../ui/Empty';
import {Figure} from '../ui/Figure';
import {Ranking} from '../ui/Ranking';
import {shortName} from '../ui/grouped';
import {useData} from '../ui/useData';
import {useYears} from '../ui/useYears';
import {Years} from '../ui/Years';

export function ProductPage({code}: {code: string}) {
    const {t, info, countries, url, lang, hasProducts, hasPartners} = useTools();
    const products = useData<Product[]>(hasProducts ? '/api/v1/products' : null);
    const product = products.value?.find(p => p.code === code);
    const only = onlyCountry(countries);
    const flow = mainFlow(info);
    const params = only ? books(info, only, 'export') ?? books(info, only, 'import')
        : {flow};
    const {years, year, values, setYear} = useYears(params && product
        ? {...params, product: code} : null);
    const total = values.get(year) ?? 0;
    const of = (by: string, limit: string) => ask('value', {...params, product: code, by,
        years: String(year), sort: 'value', limit, rest: 'true'});
    const sellers = useData<Table>(total && !only ? apiUrl(of('reporter', '10')) : null);
    const buyers = useData<Table>(total && hasPartners ? apiUrl(of('partner', '10')) : null);
    if (!hasProducts) {
        return <div class="narrow"><h1>{code}</h1>
            <Empty why={t('noProducts', {nomenclature: info.cube.nomenclature})} /></div>;
    }
    if (products.value && !product) {
        return <div class="narrow"><h1>{code}</h1>
            <Empty why={t('noProductCode', {code, nomenclature: info.cube.nomenclature})} /></div>;
    }
    const parents: Product[] = [];
    for (let p = product; p?.parent;) {
        p = products.value?.find(x => x.code === p!.parent);
        if (p) {
            parents.unshift(p);
        }
    }
    const country = (r: Row, column: string) =>
        go(url(`/profile/country/${String(r[column]).toLowerCase()}`));
    const toCountry = (c: string) => url(`/profile/country/${c.toLowerCase()}`);
    const next = product && !product.leaf
        ? code.length === 2 ? finer(info.cube.nomenclature, /^H/.test(info.cube.nomenclature)
            ? 'chapter' : 'isic-division') : 'product' : null;
    const buying = params?.flow === 'import';
    return <div class="profile">
        {parents.length > 0 && <nav class="crumbs" aria-label={t('partOf')}>{parents.map(p =>
            <span key={p.code}><a href={url(`/profile/product/${p.code}`)}>{p.code}{' '}
                {shortName(p.name)}</a> › </span>)}</nav>}
        <h1>{product ? shortName(product.name, 110) : code} <small>{code}</small></h1>
        {product && shortName(product.name, 110) !== product.name &&
            <p class="aside">{product.name}</p>}
        {total > 0 && <>
            <div class="controls"><Years years={years} year={year} onYear={setYear} /></div>
            <p class="sentence">{t('productSold', {year, value: money(total, lang)})}.</p>
        </>}
        <div class="grid">
            {total > 0 && !only && <Figure title={t(buying ? 'buyersOf' : 'sellersOf')} height={400}
                query={of('reporter', '40')} chart={{kind: 'treemap'}}
                onPick={r => country(r, 'reporter')} />}
            {total > 0 && hasPartners && <Figure title={t(buying ? 'sellersOf' : 'buyersOf')} height={400}
                query={of('partner', '40')} chart={{kind: 'treemap'}}
                onPick={r => country(r, 'partner')} />}
            {sellers.value && <section class="figure"><header>
                <h2>{t(buying ? 'largestBuyers' : 'largestSellers')}</h2></header>
                <Ranking table={sellers.value} column="reporter" total={total} href={toCountry} />
            </section>}
            {buyers.value && <section class="figure"><header>
                <h2>{t(buying ? 'largestSellers' : 'largestBuyers')}</h2></header>
                <Ranking table={buyers.value} column="partner" total={total} href={toCountry} />
            </section>}
            {total > 0 && !only && <Figure title={t(flow)} wide chart={{kind: 'map'}}
                query={ask('value', {...params, product: code, by: 'reporter', years: String(year)})}
                onPick={r => country(r, 'reporter')} />}
            {total > 0 && next && <Figure title={t('parts')} height={360} wide
                query={of(next, '40')} chart={{kind: 'treemap'}}
                onPick={r => go(url(`/profile/product/${r.product ?? r.class}`))} />}
            {params && product && years.length > 1 && <Figure title={t('worldTrade')} height={300} wide chart={{kind: 'line'}}
                query={ask('value', {...params, product: code})} />}
        </div>
    </div>;
}
