// SPDX-License-Identifier: Apache-2.0
// context.ts - what every page needs: the cube, the countries, the measures, the language.
import {createContext} from 'preact';
import {useContext} from 'preact/hooks';
import type {Column, Country, Info, Measure, Row} from './api';
import type {Lang} from './route';
import {en, type Key} from './words/en';
import {es} from './words/es';
import {spanish} from './words/spanish';

export interface World {
    info: Info;
    countries: Country[];
    byCode: Map<string, Country>;
    measures: Map<string, Measure>;
    lang: Lang;
}

export const WorldContext = createContext<World | null>(null);

export function translate(lang: Lang, key: Key, fill: Record<string, string | number> = {}): string {
    const text = (lang === 'es' ? es : en)[key];
    return text.replace(/\{(\w+)\}/g, (whole, name: string) =>
        name in fill ? String(fill[name]) : whole);
}

export interface Tools extends World {
    t(key: Key, fill?: Record<string, string | number>): string;
    name(code: string): string;
    url(path: string): string;
    label(column: Column): string;
    nameIn(row: Row, column: string): string;
    hasPartners: boolean;
    hasProducts: boolean;
    last: number;
}

export function tools(world: World): Tools {
    const {lang, byCode, info} = world;
    const t = (key: Key, fill?: Record<string, string | number>) => translate(lang, key, fill);
    const name = (code: string) => {
        const c = byCode.get(code.toUpperCase());
        return c ? (lang === 'es' ? c.name_es || c.name : c.name) : code;
    };
    return {
        ...world, t, name,
        url: path => `/${lang}${path}`,
        label: c => lang === 'es' ? spanish(c.label) : c.label,
        nameIn: (row, column) => {
            const code = row[column];
            if (code === 'rest' || code === 'total') {
                return t(code);
            }
            if ((column === 'partner' || column === 'reporter' || column === 'country') &&
                typeof code === 'string' && byCode.has(code)) {
                return name(code);
            }
            const text = String(row[column + '_name'] ?? code ?? '\u2013');
            return lang === 'es' && (column === 'class' || column === 'flow') ? spanish(text) : text;
        },
        hasPartners: info.flows.includes('reconciled') ||
            world.countries.some(c => c.mirror && c.kind !== 'world'),
        hasProducts: info.cube.nomenclature !== 'TOTAL' && info.cube.nomenclature !== '',
        last: info.periods[info.periods.length - 1] ?? 0
    };
}

export function useTools(): Tools {
    const world = useContext(WorldContext);
    if (!world) {
        throw new Error('outside of the world');
    }
    return tools(world);
}
