// SPDX-License-Identifier: Apache-2.0
// useYears.ts - the years a choice has figures for, and the one looked at (?year=, else the
// last with figures).
import type {Row, Table} from '../api';
import {useTools} from '../context';
import {apiUrl, ask, type Params} from '../query';
import {useRoute, withQuery} from '../route';
import {useData} from './useData';

export interface Years {
    years: number[]; year: number; values: Map<number, number>;
    ready: boolean; setYear: (year: number, replace: boolean) => void;
}

export function useYears(params: Params | null): Years {
    const {info, last} = useTools();
    const {query} = useRoute();
    const table = useData<Table>(params && apiUrl(ask('value', params)));
    const values = new Map<number, number>();
    table.value?.rows.forEach((r: Row) => {
        if (typeof r.year === 'number' && typeof r.value === 'number') {
            values.set(r.year, (values.get(r.year) ?? 0) + r.value);
        }
    });
    const years = info.periods.filter(p => values.has(p));
    const asked = Number(query.get('year'));
    const year = asked || years[years.length - 1] || last;
    const all = years.includes(year) || years.length === 0 ? years
        : [...years, year].sort((a, b) => a - b);
    return {
        years: all, year, values, ready: params === null || table.value !== null ||
            table.error !== null,
        setYear: (y, replace) => withQuery({year: String(y)}, replace)
    };
}
