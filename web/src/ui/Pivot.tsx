// SPDX-License-Identifier: Apache-2.0
// Pivot.tsx - a long table with one of its dimensions across.  Nothing is added up here: a
// place with two figures would show neither.
import type {Cell, Column, Row, Table} from '../api';
import {useTools} from '../context';
import {cell, unitOf} from '../format';
import {linkOf} from '../links';

interface Props {table: Table; rows: string; cols: string; figure: Column}

// A class of any scheme stands in the column "class".
function columnOf(table: Table, name: string): string {
    const has = (n: string) => table.columns.some(c => c.name === n);
    return has(name) ? name : name === 'year' ? (has('years') ? 'years' : 'period') : 'class';
}

export function Pivot({table, rows, cols, figure}: Props) {
    const {t, lang, nameIn, label, url} = useTools();
    const down = columnOf(table, rows), across = columnOf(table, cols);
    if (!table.columns.some(c => c.name === down) || !table.columns.some(c => c.name === across)) {
        return null;
    }
    const names = new Map<Cell, Row>(), heads = new Map<Cell, Row>();
    const places = new Map<string, Cell>(), twice = new Set<string>();
    for (const r of table.rows) {
        const place = JSON.stringify([r[down], r[across]]);
        names.has(r[down] ?? null) || names.set(r[down] ?? null, r);
        heads.has(r[across] ?? null) || heads.set(r[across] ?? null, r);
        if (places.has(place)) {
            twice.add(place);
        }
        places.set(place, r[figure.name] ?? null);
    }
    const order = [...heads.entries()];
    if (order.every(([k]) => typeof k === 'number')) {
        order.sort((a, b) => (a[0] as number) - (b[0] as number));
    }
    const text = (r: Row, c: string) => {
        const to = linkOf(r, c), name = nameIn(r, c);
        return to ? <a href={url(to)}>{name}</a> : name;
    };
    const unit = unitOf(figure, lang);
    return <div class="table-box" tabIndex={0} role="region"
        aria-label={t('tableOf', {title: table.title})}>
        <table class="data">
            <caption>{unit ? t('pivoted', {figure: label(figure), unit}) : label(figure)}</caption>
            <thead><tr><td />{order.map(([k, r]) => <th key={String(k)} scope="col" class="num plain">
                {text(r, across)}</th>)}</tr></thead>
            <tbody>{[...names.entries()].map(([k, r]) => <tr key={String(k)}>
                <th scope="row">{text(r, down)}</th>
                {order.map(([h]) => {
                    const place = JSON.stringify([k, h]);
                    return <td key={String(h)} class="num">{twice.has(place) ? '…'
                        : cell(places.get(place), figure, lang)}</td>;
                })}
            </tr>)}</tbody>
        </table></div>;
}
