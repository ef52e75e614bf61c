// SPDX-License-Identifier: Apache-2.0
// Quality.tsx - what the cube holds, what it lacks, and what to keep in mind.
import type {Table} from '../api';
import {useTools} from '../context';
import {apiUrl, ask} from '../query';
import {useRoute, withQuery} from '../route';
import {mainFlow} from '../trade';
import {Choice} from '../ui/Choice';
import {Figure} from '../ui/Figure';
import {useData} from '../ui/useData';
import {span} from './Country';

export function Quality() {
    const {t, info, countries, name, measures, last} = useTools();
    const {query} = useRoute();
    const {cube} = info;
    const both = countries.filter(c => c.export && c.mirror);
    const largest = useData<Table>(both.length > 1 ? apiUrl(ask('value', {by: 'reporter',
        flow: mainFlow(info), years: String(last), sort: 'value', limit: '1'})) : null);
    const chosen = query.get('country') ?? String(largest.value?.rows[0]?.reporter ??
        both[0]?.iso3 ?? '');
    const twoSides = info.flows.includes('export') && info.flows.includes('import');
    const several = countries.filter(c => c.export || c.import).length > 1;
    return <div class="profile">
        <h1>{t('qualityTitle')}</h1>
        <p class="aside">{t('qualityHint')}</p>
        <div class="grid">
            <section class="figure"><header><h2>{t('qualitySource')}</h2></header>
                <dl class="facts">
                    {([[t('source'), cube.source], [t('vintage'), cube.release],
                        [t('nomenclature'), cube.nomenclature],
                        [t('years'), span(info.periods)],
                        [t('fingerprint'), cube.fingerprint]] as const).map(([k, v]) =>
                        <div key={k}><dt>{k}</dt><dd>{v}</dd></div>)}
                </dl></section>
            <section class="figure"><header><h2>{t('caveats')}</h2></header>
                <ul class="caveats">
                    <li>{t('caveatMissing')}</li>
                    <li>{t('caveatValuation', {valuation: cube.valuation || '–'})}</li>
                    <li>{t('caveatMirror')}</li>
                    <li>{t('caveatYears')}</li>
                    <li>{t('caveatBorders')}</li>
                </ul></section>
            {info.periods.length > 1 && <Figure title={t('qualityReporters')} height={300} wide
                chart={{kind: 'line', y: 'reporters'}} query={ask('coverage', {})} />}
            <Figure title={t('qualityCoverage')} query={ask('coverage', {})} wide />
            {twoSides && several ? <Figure title={t('qualityMirror')} wide height={320}
                query={measures.has('mirror') ? ask('mirror', {reporter: chosen, total: 'true',
                    years: String(last)}) : ask('value', {reporter: chosen, flow: mainFlow(info),
                    basis: 'mirror'})} chart={measures.has('mirror') ? undefined : {kind: 'line'}}>
                <p class="aside">{t('qualityMirrorHint', {country: name(chosen)})}</p>
                <Choice label={t('country')} value={chosen}
                    onChange={c => withQuery({country: c}, true)}
                    items={both.map(c => ({value: c.iso3, label: name(c.iso3)}))} />
            </Figure> : <Figure title={t('qualityMirror')} query={null} wide
                why={info.flows.includes('reconciled') ? t('reconciledSide')
                    : t('qualityOneSide', {flows: info.flows.join(', ')})} />}
        </div>
    </div>;
}
