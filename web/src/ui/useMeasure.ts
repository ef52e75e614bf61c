// SPDX-License-Identifier: Apache-2.0
// useMeasure.ts - one measure in full; the list that every page has is short.
import type {FullMeasure} from '../api';
import {useTools} from '../context';
import {useData} from './useData';

export function useMeasure(name: string): FullMeasure | null {
    const {measures} = useTools();
    const short = measures.get(name) ?? [...measures.values()].find(x => x.aliases.includes(name));
    const answer = useData<{measure: FullMeasure}>(short ? `/api/v1/explain/${short.name}` : null);
    return answer.value?.measure.name === short?.name ? answer.value?.measure ?? null : null;
}
