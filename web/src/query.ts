// SPDX-License-Identifier: Apache-2.0
// query.ts - a measure and its options: from it follow the table, the figure, every file, the
// command and the code.
import type {Column, Info} from './api';

export type Params = Record<string, string | undefined>;
export interface Query {measure: string; params: Params}
export interface ChartWish {kind?: string; x?: string; y?: string; series?: string; title?: string}

export function ask(measure: string, params: Params): Query {
    return {measure, params};
}

function pairs(query: Query): [string, string][] {
    return Object.entries(query.params).filter((p): p is [string, string] => !!p[1]);
}

export function apiUrl(query: Query, format?: string, wish: ChartWish = {}, lang = 'en'): string {
    const search = new URLSearchParams(pairs(query));
    if (format) {
        search.set('format', format);
    }
    if (format === 'option' || format === 'svg' || format === 'png' || format === 'pdf') {
        for (const [name, value] of [['chart', wish.kind], ['chart-x', wish.x],
            ['chart-y', wish.y], ['chart-series', wish.series], ['chart-title', wish.title]]) {
            if (value) {
                search.set(name as string, value);
            }
        }
    }
    if (lang === 'es') {
        search.set('language', 'es');
    }
    return `/api/v1/measures/${query.measure}?${search}`;
}

function shell(word: string): string {
    return /^[\w.,:+@%/=-]+$/.test(word) ? word : `'${word.replace(/'/g, `'\\''`)}'`;
}

const verb = (query: Query): string => query.measure.startsWith('invest-')
    ? 'invest ' + query.measure.slice(7) : query.measure;

const wordsOf = (query: Query): string[] => pairs(query).flatMap(([k, v]) =>
    v === 'true' ? ['--' + k] : ['--' + k, shell(v)]);

// What the server's header says is exact; this stands in until it has been seen.
export function commandOf(query: Query): string {
    const input = query.measure.startsWith('invest-') ? 'register' : 'cube.quipu';
    return ['quipu', verb(query), input, ...wordsOf(query)].join(' ');
}

// Codes are text: "0101" is not 101.
function codeColumns(columns: Column[]): string[] {
    return columns.filter(c => c.role === 'dimension' && c.type === 'text' &&
        columns.some(n => n.name === c.name + '_name')).map(c => c.name);
}

export function pythonOf(query: Query, columns: Column[], origin: string, lang: string): string {
    const text = codeColumns(columns).map(c => `"${c}": str`).join(', ');
    return `import pandas as pd\n\nurl = ${JSON.stringify(origin + apiUrl(query, 'csv', {}, lang))}\n` +
        `table = pd.read_csv(url, dtype={${text}}, keep_default_na=False, na_values=[""])\n` +
        'print(table)\n';
}

export function rOf(query: Query, columns: Column[], origin: string, lang: string): string {
    const text = codeColumns(columns).map(c => `${c} = "character"`).join(', ');
    return `url <- ${JSON.stringify(origin + apiUrl(query, 'csv', {}, lang))}\n` +
        `table <- read.csv(url, na.strings = ""${text ? `, colClasses = c(${text})` : ''})\n` +
        'print(table)\n';
}

// A block of a study file (docs/study.md): the question with the name of an input in place of
// the file.
export function yamlOf(query: Query, wish: ChartWish, info: Info, title: string): string {
    const input = query.measure.startsWith('invest-') ? 'register' : 'trade';
    const words = [verb(query), input, ...wordsOf(query)].join(' ');
    const id = [query.measure, query.params.reporter, query.params.partner, query.params.by]
        .filter(Boolean).join('-').toLowerCase().replace(/[^a-z0-9]+/g, '-');
    const chart = Object.entries({chart: wish.kind, x: wish.x, y: wish.y, series: wish.series})
        .filter(([, v]) => v).map(([k, v]) => `  ${k}: ${v}\n`).join('');
    return `# ${info.cube.source}; release: ${info.cube.release}; cube ${info.cube.fingerprint}\n` +
        `- ${wish.kind ? 'figure' : 'table'}: ${id}\n  title: ${JSON.stringify(title)}\n` +
        `  ask: ${JSON.stringify(words)}\n${chart}`;
}
