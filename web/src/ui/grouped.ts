// SPDX-License-Identifier: Apache-2.0
// grouped.ts - a treemap of goods as two levels: broad groups, and the goods within them.
import type {Table} from '../api';
import {groupCount, groupName, groupOf} from '../goods';
import type {Lang} from '../route';
import type {Option} from './Chart';

interface Leaf {name: string; value: number; rest?: boolean}

// Names are cut where the nomenclature goes into detail: "Copper ores and concentrates".
export function shortName(name: string, most = 60): string {
    const made = name.replace(/^Manufacture of (?:other )?(.)/, (_, c: string) => c.toUpperCase());
    const head = made.split(/[;(]|, except |, whether or not /)[0]!.trim();
    const text = head.length >= 12 ? head : made.replace(/;/g, ',');
    return text.length > most ? text.slice(0, most - 1).trimEnd() + '\u2026' : text;
}

export function groupGoods(option: Option, table: Table, nomenclature: string, lang: Lang): Option {
    const column = table.columns.some(c => c.name === 'product') ? 'product' : 'class';
    const codes = new Map(table.rows.map(r => [String(r[column + '_name'] ?? ''), String(r[column])]));
    const groups: Leaf[][] = Array.from({length: groupCount}, () => []);
    for (const leaf of option.series[0]?.data as Leaf[] ?? []) {
        const group = leaf.rest ? 6 : groupOf(nomenclature, codes.get(leaf.name) ?? '');
        if (group === null) {
            return option;
        }
        groups[group]!.push({...leaf, name: shortName(leaf.name)});
    }
    const data = groups.map((children, i) => children.length
        ? {name: groupName(i, lang), children} : {name: groupName(i, lang), value: 0});
    return {...option, series: [{...option.series[0]!, data}]};
}
