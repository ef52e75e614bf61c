// SPDX-License-Identifier: Apache-2.0
// Complexity.tsx - how complex economies and products are, and where a country stands in the
// product space.  A build, or a cube, may not have it; then the page says so.
import type {Table} from '../api';
import {useTools} from '../context';
import {apiUrl, ask} from '../query';
import {go, useRoute, withQuery} from '../route';
import {mainFlow, onlyCountry} from '../trade';
import {Empty} from '../ui/Empty';
import {Figure} from '../ui/Figure';
import {CountryChoice} from '../ui/CountryChoice';
import {useData} from '../ui/useData';
import {useYears} from '../ui/useYears';
import {Years} from '../ui/Years';

// Custom of the Atlas: countries that export little say little.  Only where the cube is a world.
const WORLD_US = 5e12, LITTLE_US = '1000000000';

export function Complexity() {
    const {t, info, measures, countries, hasProducts, url} = useTools();
    const {query} = useRoute();
    const {years, year, values, setYear} = useYears({flow: mainFlow(info)});
    const few = !!onlyCountry(countries) || !hasProducts;
    const params = {years: String(year), digits: /^H\d$/.test(info.cube.nomenclature) ? '4' : undefined,
        'min-exports': (values.get(year) ?? 0) > WORLD_US ? LITTLE_US : undefined};
    const eci = ask('complexity', params);
    const ranked = useData<Table>(!few && values.size && measures.has('complexity')
        ? apiUrl(eci) : null);
    const chosen = query.get('country') ?? String(ranked.value?.rows[0]?.reporter ?? '');
    if (!measures.has('complexity') || few) {
        return <div class="profile"><h1>{t('complexityTitle')}</h1>
            <Empty why={t(few ? 'complexityFew' : 'notHere')} /></div>;
    }
    return <div class="profile">
        <h1>{t('complexityTitle')}</h1>
        <p class="aside">{t('complexityHint')}</p>
        <div class="controls"><Years years={years} year={year} onYear={setYear} /></div>
        <div class="grid">
            <Figure title={t('complexityMap')} wide query={eci} chart={{kind: 'map', y: 'eci'}}
                onPick={r => go(url(`/profile/country/${String(r.reporter).toLowerCase()}`))} />
            <Figure title={t('complexityCountries')} wide query={eci} />
            {measures.has('product-space') && chosen && <Figure title={t('productSpace')} wide
                query={ask('product-space', {...params, reporter: chosen})}
                chart={{kind: 'network'}} height={560}>
                <p class="aside">{t('productSpaceHint')}</p>
                <CountryChoice label={t('country')} value={chosen}
                    onChange={c => withQuery({country: c})} />
            </Figure>}
            {measures.has('product-complexity') && <Figure title={t('complexityProducts')} wide
                query={ask('product-complexity', {...params, limit: '50'})} />}
        </div>
    </div>;
}

export function Opportunities({a, b}: {a?: string; b?: string}) {
    const {t, measures, name, last, url, countries, hasProducts, hasPartners, byCode} = useTools();
    const few = !!onlyCountry(countries) || !hasProducts;
    const one = a?.toUpperCase() ?? '', two = b?.toUpperCase() ?? '';
    const able = measures.has('opportunities') && !few;
    const to = (x: string, y: string) => go(url(`/opportunities/${x.toLowerCase() || '-'}/` +
        `${y.toLowerCase() || '-'}`));
    const known = byCode.has(one) && byCode.has(two);
    return <div class="profile">
        <h1>{known ? t('opportunitiesTitle', {a: name(one), b: name(two)}) : t('navOpportunities')}</h1>
        <p class="aside">{t('opportunitiesHint')}</p>
        <div class="choices">
            <CountryChoice label={t('seller')} value={one} onChange={c => to(c, two)} />
            <CountryChoice label={t('buyer')} value={two} onChange={c => to(one, c)} />
        </div>
        {!able ? <Empty why={t(few ? 'complexityFew' : 'notHere')} />
            : !hasPartners ? <Empty why={t('opportunitiesWorld')} /> : known ? <div class="grid">
            <Figure title={t('opportunitiesTitle', {a: name(one), b: name(two)})} wide
                query={ask('opportunities', {reporter: one, partner: two,
                    years: `${Math.max(last - 5, 0)}-${last}`, limit: '50'})} />
        </div> : countries.length > 0 && <Empty why={t('opportunitiesChoose')} />}
    </div>;
}
