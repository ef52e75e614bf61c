// SPDX-License-Identifier: Apache-2.0
// DataTable.tsx - the twin of every chart: sortable, with links to what it names.
import {useMemo, useState} from 'preact/hooks';
import type {Column, Row, Table} from '../api';
import {cell, isNumber, isTime, unitOf} from '../format';
import {useTools} from '../context';
import {linkOf} from '../links';

const FEW = 50;

// "partner" and "partner_name" are one column to a reader: the name, with the code as its key.
function shown(columns: Column[]): Column[] {
    return columns.filter(c => !columns.some(n => n.name === c.name + '_name'));
}

interface Props {table: Table; few?: number; title?: string; hide?: string[]}

export function DataTable({table, few = FEW, title, hide = []}: Props) {
    const {t, lang, label, nameIn, url} = useTools();
    const [sort, setSort] = useState<{by: string; down: boolean} | null>(null);
    const [all, setAll] = useState(false);
    const columns = shown(table.columns).filter(c => !hide.includes(c.name));
    const rows = useMemo(() => sort ? sorted(table.rows, sort.by, sort.down) : table.rows,
        [table, sort]);
    const some = all ? rows : rows.slice(0, few);
    const press = (c: Column) => setSort(s => s?.by === c.name ? {by: c.name, down: !s.down}
        : {by: c.name, down: isNumber(c) && !isTime(c)});
    return <div class="table-box" tabIndex={0} role="region"
        aria-label={t('tableOf', {title: title ?? table.title})}>
        <table class="data">
            <thead><tr>{columns.map(c => <th key={c.name} scope="col"
                class={isNumber(c) ? 'num' : ''} aria-sort={sort?.by === c.name
                    ? (sort.down ? 'descending' : 'ascending') : undefined}>
                <button type="button" onClick={() => press(c)}
                    title={t('sortBy', {column: label(c)})}>
                    {label(c)}{unitOf(c, lang) && <small>{unitOf(c, lang)}</small>}
                </button>
            </th>)}</tr></thead>
            <tbody>{some.map((row, i) => <tr key={i} class={special(row) ? 'sum' : ''}>
                {columns.map(c => <td key={c.name} class={isNumber(c) ? 'num' : ''}
                    title={typeof row[c.name] === 'number' && !isTime(c)
                        ? String(row[c.name]) : undefined}>
                    {c.name.endsWith('_name') ? named(row, c.name.slice(0, -5))
                        : cell(row[c.name], c, lang)}
                </td>)}
            </tr>)}</tbody>
        </table>
        {rows.length > some.length && <p class="more">
            {t('rowsShown', {n: some.length, all: rows.length})}{' '}
            <button type="button" class="link" onClick={() => setAll(true)}>{t('showAll')}</button>
        </p>}
    </div>;

    function named(row: Row, column: string) {
        const text = nameIn(row, column), to = linkOf(row, column);
        return to ? <a href={url(to)}>{text}</a> : text;
    }
}

function special(row: Row): boolean {
    return Object.values(row).some(v => v === 'total' || v === 'rest');
}

function sorted(rows: Row[], by: string, down: boolean): Row[] {
    const key = rows.some(r => typeof r[by + '_name'] === 'string') ? by + '_name' : by;
    return [...rows].sort((a, b) => {
        const x = a[key] ?? null, y = b[key] ?? null;
        // What is missing stands last, whichever way.
        if (x === null || y === null) {
            return x === y ? 0 : x === null ? 1 : -1;
        }
        const order = typeof x === 'number' && typeof y === 'number' ? x - y
            : String(x).localeCompare(String(y));
        return down ? -order : order;
    });
}
