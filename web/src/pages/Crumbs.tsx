// SPDX-License-Identifier: Apache-2.0
// Crumbs.tsx - where in the tree of goods one is, and the way back up.
import type {Product, Scheme} from '../api';
import {useTools} from '../context';
import {goodsLevel} from '../trade';
import {shortName} from '../ui/grouped';
import {useData} from '../ui/useData';

interface Props {within: string; to: (within: string, by: string) => void}

export function Crumbs({within, to}: Props) {
    const {t, info} = useTools();
    const products = useData<Product[]>(within ? '/api/v1/products' : null);
    const schemes = useData<Scheme[]>(within.includes(':') ? '/api/v1/schemes' : null);
    if (!within) {
        return null;
    }
    const [scheme, code] = within.includes(':') ? within.split(':') : [null, within];
    const named = (c: string) => products.value?.find(p => p.code === c)?.name ?? c;
    const steps: {text: string; within: string; by: string}[] = [];
    const label = scheme && schemes.value?.find(s => s.name === scheme)?.classes
        .find(c => c.code === code)?.label;
    if (scheme) {
        steps.push({text: label || within, within, by: 'chapter'});
    } else {
        for (let i = 2; i < (code ?? '').length; i += 2) {
            steps.push({text: named(code!.slice(0, i)), within: code!.slice(0, i),
                by: i === 2 ? 'heading' : 'product'});
        }
        steps.push({text: named(code!), within: code!, by: ''});
    }
    return <nav class="crumbs" aria-label={t('within')}>
        <button type="button" class="link"
            onClick={() => to('', goodsLevel(info.cube.nomenclature))}>{t('drillUp')}</button>
        {steps.map((s, i) => <span key={s.within}> › {i === steps.length - 1
            ? <span aria-current="location">{shortName(s.text)}</span>
            : <button type="button" class="link" onClick={() => to(s.within, s.by)}>
                {shortName(s.text)}</button>}</span>)}
    </nav>;
}
