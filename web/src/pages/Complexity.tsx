// SPDX-License-Identifier: Apache-2.0
// Complexity.tsx - pages for measures that a build may have or not have.
import {useTools} from '../context';
import {ask} from '../query';
import {mainFlow} from '../trade';
import {Empty} from '../ui/Empty';
import {Figure} from '../ui/Figure';

const KNOWN = ['complexity', 'product-complexity', 'product-space', 'density', 'proximity'];

export function Complexity() {
    const {t, measures, last} = useTools();
    const here = KNOWN.filter(m => measures.has(m));
    return <div class="profile">
        <h1>{t('complexityTitle')}</h1>
        {here.length === 0 ? <Empty why={t('notHere')} /> : <div class="grid">
            {here.map(m => <Figure key={m} title={measures.get(m)!.summary} wide
                query={ask(m, {years: String(last)})} chart={m === 'product-space'
                    ? {kind: 'network'} : m === 'complexity' ? {kind: 'map'} : undefined} />)}
        </div>}
    </div>;
}

export function Opportunities({a, b}: {a?: string; b?: string}) {
    const {t, info, measures, name, last} = useTools();
    const here = [...measures.keys()].find(m => m.startsWith('opportunit'));
    return <div class="profile">
        <h1>{a && b ? t('opportunitiesTitle', {a: name(a), b: name(b)}) : t('navOpportunities')}</h1>
        {!here ? <Empty why={t('notHere')} />
            : <Figure title={measures.get(here)!.summary} wide query={ask(here, {
                reporter: a?.toUpperCase(), partner: b?.toUpperCase(), flow: mainFlow(info),
                years: String(last), limit: '50'})} />}
    </div>;
}
