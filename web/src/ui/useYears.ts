// SPDX-License-Identifier: Apache-2.0
// useYears.ts - the years a choice has figures for, and the one looked at: ?year=, else the
// last that is as good as complete.  Where partners' books are read, a year in which some of
// them did not report would look like a fall; who is lacking is said.
import type {Table} from '../api';
import {useTools} from '../context';
import {apiUrl, ask, type Params} from '../query';
import {useRoute, withQuery} from '../route';
import {otherWay, type Flow} from '../trade';
import {useData} from './useData';

export interface Years {
    years: number[]; year: number; values: Map<number, number>; absent: string[];
    ready: boolean; setYear: (year: number, replace: boolean) => void;
}

const NEARLY_ALL = 0.9;

export function useYears(params: Params | null): Years {
    const {info, last} = useTools();
    const {query} = useRoute();
    const table = useData<Table>(params && apiUrl(ask('value', params)));
    const mirror = params?.basis === 'mirror' && !params.partner;
    const reports = useData<Table>(mirror ? apiUrl(ask('value', {by: 'reporter',
        flow: otherWay(params.flow as Flow)})) : null);
    const values = new Map<number, number>();
    table.value?.rows.forEach(r => {
        if (typeof r.year === 'number' && typeof r.value === 'number' && r.value !== 0) {
            values.set(r.year, (values.get(r.year) ?? 0) + r.value);
        }
    });
    const reported = new Map<number, Set<string>>(), ever = new Set<string>();
    reports.value?.rows.forEach(r => {
        if (typeof r.value === 'number' && r.value > 0) {
            const year = r.year as number;
            reported.set(year, (reported.get(year) ?? new Set()).add(String(r.reporter)));
            ever.add(String(r.reporter));
        }
    });
    const most = Math.max(0, ...[...reported.values()].map(s => s.size));
    const years = info.periods.filter(p => values.has(p));
    const full = mirror ? years.filter(y => (reported.get(y)?.size ?? 0) >= NEARLY_ALL * most)
        : years;
    const asked = Number(query.get('year'));
    const year = asked || full[full.length - 1] || years[years.length - 1] || last;
    const all = years.includes(year) || years.length === 0 ? years
        : [...years, year].sort((a, b) => a - b);
    return {
        years: all, year, values,
        absent: mirror && reports.value
            ? [...ever].filter(c => !reported.get(year)?.has(c)) : [],
        ready: params === null || (table.value !== null || table.error !== null) &&
            (!mirror || reports.value !== null || reports.error !== null),
        setYear: (y, replace) => withQuery({year: String(y)}, replace)
    };
}
