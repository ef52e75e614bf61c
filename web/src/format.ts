// SPDX-License-Identifier: Apache-2.0
// format.ts - figures as the reader's language writes them.
import type {Cell, Column} from './api';
import type {Lang} from './route';

const kept = new Map<string, Intl.NumberFormat>();

// Spanish of Peru and Mexico writes 1,234.5 and that of Spain 1.234,5: the figures of the
// program use the decimal comma, and so do these.
function numbers(lang: Lang, least: number, most: number): Intl.NumberFormat {
    const key = `${lang} ${least} ${most}`;
    let n = kept.get(key);
    if (!n) {
        n = new Intl.NumberFormat(lang === 'es' ? 'es-ES' : 'en-US', {
            minimumFractionDigits: least, maximumFractionDigits: most,
            useGrouping: 'always' as unknown as boolean
        });
        kept.set(key, n);
    }
    return n;
}

export function fixed(value: number, decimals: number, lang: Lang): string {
    return numbers(lang, decimals, decimals).format(value).replace(/^-(?=[\d.,]*\d)/, '\u2212');
}

const SCALES: [number, string, string][] = [
    [1e12, 'trillion', 'billones'], [1e9, 'billion', 'mil millones'], [1e6, 'million', 'millones'],
    [1e3, 'thousand', 'mil'], [1, '', '']
];

// "US$ 36.3 billion": three figures that count.
export function money(value: Cell | undefined, lang: Lang): string {
    if (typeof value !== 'number') {
        return '\u2013';
    }
    const size = Math.abs(value);
    const [unit, en, es] = SCALES.find(s => size >= s[0] * 0.9995) ?? SCALES[4]!;
    const n = value / unit, digits = Math.abs(n) >= 99.95 || unit === 1 ? 0 : 1;
    const word = lang === 'es' ? es : en;
    return `US$\u00a0${fixed(n, digits, lang)}${word ? '\u00a0' + word.replace(' ', '\u00a0') : ''}`;
}

export function percent(value: Cell | undefined, lang: Lang, decimals = 1): string {
    if (typeof value !== 'number') {
        return '\u2013';
    }
    return fixed(100 * value, decimals, lang) + (lang === 'es' ? '\u00a0%' : '%');
}

export const isNumber = (c: Column): boolean => c.type !== 'text' && c.type !== 'bool' &&
    c.type !== 'date';
export const isTime = (c: Column): boolean => c.role === 'dimension' && c.type === 'integer';
const isShare = (c: Column): boolean => c.type === 'share' || c.unit === 'fraction';

// In a table: money in millions as the program prints it, shares in per cent.
export function cell(value: Cell | undefined, c: Column, lang: Lang): string {
    if (value === null || value === undefined || value === '') {
        return '\u2013';
    }
    if (typeof value === 'boolean') {
        return value ? (lang === 'es' ? 's\u00ed' : 'yes') : 'no';
    }
    if (typeof value === 'string' || isTime(c)) {
        return String(value);
    }
    if (c.type === 'money') {
        return fixed(value / 1e6, value !== 0 && Math.abs(value) < 1e5 ? 3 : 1, lang);
    }
    if (isShare(c)) {
        return fixed(100 * value, 1, lang);
    }
    if (c.type === 'integer') {
        return fixed(value, 0, lang);
    }
    return fixed(value, c.decimals ?? 2, lang);
}

export function unitOf(c: Column, lang: Lang): string {
    if (c.type === 'money') {
        return lang === 'es' ? 'millones de US$' : 'million US$';
    }
    return isShare(c) ? '%' : c.unit;
}

export const plain = (text: string): string =>
    text.normalize('NFD').replace(/[\u0300-\u036f]/g, '').toLowerCase();
