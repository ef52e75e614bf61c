// SPDX-License-Identifier: Apache-2.0
// Ranking.tsx - the largest of something as a list with bars: it is there before any chart.
import type {Table} from '../api';
import {useTools} from '../context';
import {money, percent} from '../format';
import {shortName} from './grouped';

interface Props {table: Table; column: string; total: number | null; most?: number;
    href: (code: string) => string | null}

export function Ranking({table, column, total, most = 10, href}: Props) {
    const {lang, nameIn} = useTools();
    const rows = table.rows.filter(r => r[column] !== 'rest' && r[column] !== 'total')
        .slice(0, most);
    const top = Math.max(...rows.map(r => Number(r.value) || 0), 1);
    return <ol class="ranking">{rows.map(r => {
        const code = String(r[column]), name = nameIn(r, column), to = href(code);
        const short = shortName(name, 70);
        return <li key={code}>
            <span class="who" title={name}>{to ? <a href={to}>{short}</a> : short}</span>
            <span class="bar" aria-hidden="true">
                <i style={{width: `${100 * (Number(r.value) || 0) / top}%`}} /></span>
            <span class="amount">{money(r.value, lang)}</span>
            {total ? <span class="part">{percent((Number(r.value) || 0) / total, lang, 0)}</span>
                : null}
        </li>;
    })}</ol>;
}
