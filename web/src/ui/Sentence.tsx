// SPDX-License-Identifier: Apache-2.0
// Sentence.tsx - the whole page in one sentence, with links: who, how much, what, to whom.
import type {ComponentChild} from 'preact';
import type {Row, Table} from '../api';
import {useTools, type Tools} from '../context';
import {percent} from '../format';
import {shortName} from './grouped';

const named = (r: Row, column: string) => !/^(rest|total|unclassified)$/.test(String(r[column]));

function list(tools: Tools, rows: Row[], column: string, total: number,
    href: (code: string) => string): ComponentChild[] {
    return rows.flatMap((r, i) => [
        i === 0 ? '' : i === rows.length - 1 ? ` ${tools.t('and')} ` : ', ',
        <span key={String(r[column])} class="nowrap-part">
            <a href={href(String(r[column]))}>{shortName(tools.nameIn(r, column), 48)}</a>{' '}
            ({percent((r.value as number) / total, tools.lang, 0)})</span>
    ]);
}

interface Props {
    lead: string; total: number; goods: Table | null; goodsColumn: string;
    partners: Table | null; buying: boolean;
    partnerHref: (code: string) => string; goodHref: (code: string) => string;
}

export function Sentence(p: Props) {
    const tools = useTools(), {t} = tools;
    const top = (table: Table | null, column: string) => (table?.rows ?? [])
        .filter(r => named(r, column) && typeof r.value === 'number' && r.value > 0).slice(0, 3);
    const goods = top(p.goods, p.goodsColumn), partners = top(p.partners, 'partner');
    const fill = (key: 'above' | 'mostTo' | 'mostFrom', parts: ComponentChild[]) => {
        const [before, after] = t(key).split('{list}');
        return [before, ...parts, after];
    };
    return <p class="sentence">{p.lead}
        {goods.length > 0 && [', ', ...fill('above',
            list(tools, goods, p.goodsColumn, p.total, p.goodHref))]}
        {partners.length > 0 && ['; ', ...fill(p.buying ? 'mostFrom' : 'mostTo',
            list(tools, partners, 'partner', p.total, p.partnerHref))]}.</p>;
}
