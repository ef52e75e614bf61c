// SPDX-License-Identifier: Apache-2.0
// Figure.tsx - a question shown: as a chart or a table, with everything one may want to do
// with it.  All pages are made of these.
import type {ComponentChildren} from 'preact';
import {useMemo, useState} from 'preact/hooks';
import type {Row, Table} from '../api';
import {useTools} from '../context';
import {apiUrl, type ChartWish, type Query} from '../query';
import {Actions} from './Actions';
import {Chart, type Option} from './Chart';
import {DataTable} from './DataTable';
import {Empty, Failed, Waiting} from './Empty';
import {groupGoods} from './grouped';
import {useData} from './useData';

interface Props {
    title: string;
    query: Query | null;
    chart?: ChartWish;
    why?: string; // said in its place when there is nothing to ask, or nothing in the answer
    goods?: boolean; // a treemap of goods, in broad groups
    height?: number;
    wide?: boolean;
    untitled?: boolean; // the page's heading says it already
    open?: string; // the visualizer's address of the same
    onPick?: (row: Row) => void;
    start?: 'chart' | 'table';
    level?: 2 | 3;
    children?: ComponentChildren;
}

const zero = (table: Table): boolean => {
    const figures = table.columns.filter(c => c.role === 'figure').map(c => c.name);
    return table.rows.every(r => figures.every(f => !r[f]));
};

// Another question is another figure: what was pressed on the last one does not stick.
export function Figure(props: Props) {
    return <Shown key={`${props.query?.measure} ${props.chart?.kind} ${props.start}`} {...props} />;
}

function Shown(props: Props) {
    const {title, query, chart, why, goods, height, wide, onPick, level = 2} = props;
    const {t, lang, info, nameIn} = useTools();
    const [as, setAs] = useState(props.start ?? (chart ? 'chart' : 'table'));
    const [undrawn, setUndrawn] = useState<Option | null>(null);
    const table = useData<Table>(query && apiUrl(query, undefined, {}, lang));
    const drawable = !!chart && !!table.value && table.value.rows.length > 0 && !zero(table.value);
    const wish = useMemo(() => chart ?? {}, [JSON.stringify(chart)]);
    const option = useData<Option>(query && drawable ? apiUrl(query, 'option', wish, lang) : null);
    const drawn = useMemo(() => {
        const o = option.value;
        if (!o || !o.quipu) {
            return null;
        }
        return goods && table.value && wish.kind === 'treemap'
            ? groupGoods(o, table.value, info.cube.nomenclature, lang) : o;
    }, [option.value]);
    const failed = !!option.error || undrawn !== null && undrawn === drawn;

    function picked(name: string, data: unknown): void {
        const label = (data as {label?: string} | null)?.label;
        const row = table.value?.rows.find(r => Object.values(r).includes(name)) ??
            table.value?.rows.find(r => Object.entries(r).some(([k, v]) => k.endsWith('_name') &&
                typeof v === 'string' && (v === label || name.length > 3 &&
                    v.startsWith(name.replace(/\u2026$/, '')) || nameIn(r, k.slice(0, -5)) === name)));
        if (row) {
            onPick?.(row);
        }
    }

    return <section class={'figure' + (wide ? ' wide' : '')} aria-label={title}>
        <header class={props.untitled ? 'unseen' : ''}>
            {level === 2 ? <h2>{title}</h2> : <h3>{title}</h3>}
        </header>
        {props.children}
        {body()}
        {query && table.value && table.value.rows.length > 0 && <footer>
            <Actions query={query} chart={chart} table={table.value} title={title}
                as={as} setAs={chart && !failed ? setAs : undefined} open={props.open} />
        </footer>}
    </section>;

    function body() {
        if (!query) {
            return <Empty why={why ?? t('noRowsWhy')} />;
        }
        if (table.error) {
            return <Failed error={table.error} />;
        }
        if (!table.value) {
            return <Waiting />;
        }
        if (table.value.rows.length === 0) {
            return <Empty why={why ?? t('noRowsWhy')}>
                {table.value.notes.map(n => <p key={n} lang="en">{n}</p>)}</Empty>;
        }
        if (as === 'table' || !chart) {
            return <DataTable table={table.value} title={title} />;
        }
        if (!drawable || failed) {
            return <><Empty why={drawable ? t('noFigureChart') : t('noRowsWhy')} />
                <DataTable table={table.value} title={title} few={12} /></>;
        }
        return drawn ? <Chart option={drawn} name={t('chartOf', {title})} height={height}
            onPick={onPick ? p => picked(p.name, p.data) : undefined}
            onFail={() => setUndrawn(drawn)} /> : <Waiting />;
    }
}
