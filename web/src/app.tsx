// SPDX-License-Identifier: Apache-2.0
// app.tsx - the frame around every page, and which page an address names.
import {useEffect, useState} from 'preact/hooks';
import type {Country as CountryRow, Info, Measure} from './api';
import {translate, tools as toolsOf, useTools, WorldContext, type World} from './context';
import {Country} from './pages/Country';
import {Missing} from './pages/Missing';
import {Pair} from './pages/Pair';
import {Start} from './pages/Start';
import {Visualize} from './pages/Visualize';
import {Explore} from './pages/Explore';
import {ProductPage} from './pages/Product';
import {Quality} from './pages/Quality';
import {Measures, MeasurePage} from './pages/Measure';
import {Study} from './pages/Study';
import {Investment} from './pages/Investment';
import {Complexity, Opportunities} from './pages/Complexity';
import {followLinks, useRoute, type Route} from './route';
import {Search} from './ui/Search';
import {useData} from './ui/useData';
import {cubeWord, viewPath} from './visualize';
import {mainFlow, onlyCountry} from './trade';
import {withTheme} from './theme';

export function App() {
    const route = useRoute();
    const info = useData<Info>('/api/v1/info');
    const countries = useData<CountryRow[]>('/api/v1/countries');
    const measures = useData<Measure[]>('/api/v1/measures?brief=true');
    useEffect(() => {
        document.documentElement.lang = route.lang;
    }, [route.lang]);
    const error = info.error ?? countries.error ?? measures.error;
    if (error) {
        return <main class="narrow"><h1>quipu</h1>
            <p role="alert">{translate(route.lang, 'failed')}: {error.message}</p></main>;
    }
    if (!info.value || !countries.value || !measures.value) {
        return <main><p class="waiting">{translate(route.lang, 'loading')}</p></main>;
    }
    const world: World = {
        info: info.value, countries: countries.value, lang: route.lang,
        byCode: new Map(countries.value.map(c => [c.iso3, c])),
        measures: new Map(measures.value.map(m => [m.name, m]))
    };
    const embedded = route.path[1] === 'embed' || route.query.has('embed');
    return <WorldContext.Provider value={world}>
        <div onClick={followLinks} class={embedded ? 'embedded' : ''}>
            {!embedded && <Head route={route} />}
            <main id="content" tabIndex={-1}>
                <Pinned route={route} />
                <Page route={route} />
            </main>
            {!embedded && <Foot />}
        </div>
    </WorldContext.Provider>;
}

function Page({route}: {route: Route}) {
    const [place, kind, a, b] = route.path;
    const key = route.path.join('/');
    useTitle(route);
    if (place === undefined) {
        return <Start />;
    }
    if (place === 'visualize') {
        return <Visualize path={route.path.slice(kind === 'embed' ? 2 : 1)} />;
    }
    if (place === 'profile') {
        return kind === 'country' && a ? <Country key={key} code={a} />
            : kind === 'pair' && a && b ? <Pair key={key} a={a} b={b} />
            : kind === 'product' && a ? <ProductPage key={key} code={a} /> : <Missing />;
    }
    switch (place) {
    case 'explore': return <Explore />;
    case 'quality': return <Quality />;
    case 'measure': return kind ? <MeasurePage key={key} name={kind} /> : <Measures />;
    case 'study': return <Study key={key} id={kind} />;
    case 'investment': return <Investment />;
    case 'complexity': return <Complexity />;
    case 'opportunities': return <Opportunities a={kind} b={a} />;
    }
    return <Missing />;
}

function useTitle(route: Route): void {
    const tools = useTools();
    useEffect(() => {
        const words = route.path.map(p => tools.byCode.has(p.toUpperCase()) ? tools.name(p) : '')
            .filter(Boolean);
        const place: Record<string, string> = {
            explore: tools.t('navExplore'), quality: tools.t('navQuality'),
            measure: route.path[1] ?? tools.t('navMeasures'), study: tools.t('navStudies'),
            investment: tools.t('navInvestment'), complexity: tools.t('navComplexity'),
            visualize: tools.t('navVisualize'), opportunities: tools.t('navOpportunities')
        };
        const head = place[route.path[0] ?? ''];
        const code = route.path[1] === 'product' ? [route.path[2] ?? ''] : [];
        document.title = [...(head ? [head] : []), ...words, ...code, 'quipu'].join(' · ');
    });
}

function Pinned({route}: {route: Route}) {
    const {t, info} = useTools();
    const v = route.query.get('v');
    return v && v !== info.cube.fingerprint
        ? <p class="empty" role="note">{t('pinned', {v: v.slice(0, 8)})}</p> : null;
}

function Head({route}: {route: Route}) {
    const world = useTools(), {t, url, info, measures, lang} = world;
    const [open, setOpen] = useState(false);
    useEffect(() => setOpen(false), [location.href]);
    const any = (start: string) => [...measures.keys()].some(m => m.startsWith(start));
    const links: [string, string][] = [
        [firstView(world), t('navVisualize')],
        [url('/explore'), t('navExplore')],
        [url('/measure'), t('navMeasures')],
        [url('/quality'), t('navQuality')]
    ];
    const many = world.hasProducts && !onlyCountry(world.countries);
    if (many && any('complexity')) {
        links.push([url('/complexity'), t('navComplexity')]);
    }
    if (many && any('opportunit')) {
        links.push([url('/opportunities'), t('navOpportunities')]);
    }
    if (info.register) {
        links.push([url('/investment'), t('navInvestment')]);
    }
    if (info.studies.length) {
        links.push([url('/study'), t('navStudies')]);
    }
    const other = lang === 'es' ? 'en' : 'es';
    const rest = '/' + route.path.map(encodeURIComponent).join('/') + location.search;
    return <header class="head">
        <a class="skip" href="#content">{t('skip')}</a>
        <a class="brand" href={url('')}><Knots /> quipu</a>
        {route.path.length > 0 && <Search />}
        <button type="button" class="menu-button quiet" aria-expanded={open}
            onClick={() => setOpen(!open)}>☰ <span>{t('menu')}</span></button>
        <nav class={open ? 'open' : ''} aria-label={t('menu')}>
            {links.map(([to, text]) => <a key={to} href={to}
                aria-current={current(to, route) ? 'page' : undefined}>{text}</a>)}
            <a href={`/${other}${rest}`} lang={other} hreflang={other}>{t('language')}</a>
            <button type="button" class="quiet" onClick={withTheme} aria-label={t('theme')}
                title={t('theme')}>◐</button>
        </nav>
    </header>;
}

const current = (to: string, route: Route): boolean => to.split('/')[2] === route.path[0];

function firstView(world: World): string {
    const {info, countries, lang} = world;
    const only = onlyCountry(countries);
    return viewPath(lang, {chart: 'tree_map', cube: cubeWord(info.cube.nomenclature),
        flow: mainFlow(info), country: only ? only.iso3.toLowerCase() : 'show',
        partner: only ? 'show' : 'all', what: 'all',
        from: info.periods[info.periods.length - 1] ?? 0,
        to: info.periods[info.periods.length - 1] ?? 0});
}

function Knots() {
    return <svg class="knots" viewBox="0 0 32 32" aria-hidden="true">
        <path d="M4 8h24" /><path d="M9 8v16M16 8v19M23 8v13" class="cords" />
        <circle cx="9" cy="17" r="2.8" class="a" /><circle cx="16" cy="14" r="2.8" class="b" />
        <circle cx="16" cy="22" r="2.8" class="a" /><circle cx="23" cy="15" r="2.8" class="b" />
    </svg>;
}

function Foot() {
    const {t, info} = toolsOf(useTools());
    return <footer class="foot">
        <p>{t('source')}: {info.cube.source}; {t('vintage').toLowerCase()}: {info.cube.release};{' '}
            {t('fingerprint').toLowerCase()} <code>{info.cube.fingerprint.slice(0, 8)}</code></p>
        <p>{t('footerMade', {version: info.version})} <a href="/openapi.json">{t('apiLink')}</a></p>
    </footer>;
}
