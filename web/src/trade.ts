// SPDX-License-Identifier: Apache-2.0
// trade.ts - whose books answer a question about a country: its own where the cube has them,
// else those of its partners (the mirror).
import type {Country, Info} from './api';
import type {Params} from './query';

export type Flow = 'export' | 'import';

export function otherWay(flow: Flow): Flow {
    return flow === 'export' ? 'import' : 'export';
}

const reconciled = (info: Info): boolean => info.flows.includes('reconciled');

// Options that select the trade of a country in a direction, or null when nobody reported it.
export function books(info: Info, country: Country | undefined, flow: Flow): Params | null {
    if (!country) {
        return null;
    }
    if (flow === 'export' ? country.export : country.import) {
        return {reporter: country.iso3, flow};
    }
    if (reconciled(info)) {
        return country.mirror || country.export || country.import
            ? {reporter: country.iso3, flow} : null;
    }
    if (country.mirror && info.flows.includes(otherWay(flow))) {
        return {reporter: country.iso3, flow, basis: 'mirror'};
    }
    return null;
}

// The trade of two countries in a direction.  Where only the other side reports, its own books
// are asked: they also tell a year it did not report from a year without trade.
export function pairBooks(info: Info, one: Country, two: Country, flow: Flow): Params | null {
    const own = books(info, one, flow);
    if (own && !own.basis) {
        return {...own, partner: two.iso3};
    }
    return two[otherWay(flow)]
        ? {reporter: two.iso3, partner: one.iso3, flow: otherWay(flow)} : null;
}

// Both directions in one answer where the same books tell both, else the one there is.
export function bothFlows(info: Info, country: Country): Params | null {
    const out = books(info, country, 'export'), into = books(info, country, 'import');
    if (out && into && out.basis === into.basis) {
        return {...out, flow: 'export,import', by: 'flow'};
    }
    return out ?? into;
}

// The direction of the whole cube: what the countries of it sell, if it has that.
export function mainFlow(info: Info): Flow {
    return info.flows.includes('export') || reconciled(info) ? 'export' : 'import';
}

// Is all of the cube about one country (its own books, or its partners' about it)?
export function onlyCountry(countries: Country[]): Country | null {
    const reporting = countries.filter(c => c.export || c.import);
    if (reporting.length === 1) {
        return reporting[0] ?? null;
    }
    const partners = countries.filter(c => c.mirror && c.kind !== 'world');
    return partners.length === 1 ? partners[0] ?? null : null;
}

// How fine goods can be looked at, coarsest first; classifications after them.
export function levels(nomenclature: string): string[] {
    if (/^H\d$/.test(nomenclature)) {
        return ['section', 'chapter', 'heading', 'product', 'technology', 'sector', 'lall'];
    }
    if (nomenclature === 'I3') {
        return ['isic-division', 'product', 'technology', 'sector'];
    }
    if (nomenclature === 'S2') {
        return ['sitc2-section', 'sitc2-division', 'sitc2-group', 'product', 'technology', 'lall'];
    }
    if (nomenclature === 'S3') {
        return ['sitc3-section', 'product', 'technology'];
    }
    return nomenclature === 'TOTAL' || nomenclature === '' ? [] : ['product'];
}

// The level a treemap of goods is readable at.
export function goodsLevel(nomenclature: string): string {
    return /^H\d$/.test(nomenclature) ? 'heading' : 'product';
}

// Looking inside: the next finer level.
export function finer(nomenclature: string, by: string): string | null {
    const all = levels(nomenclature).filter(l => l !== 'technology' && l !== 'sector' && l !== 'lall');
    const at = all.indexOf(by);
    return at < 0 ? (all.length ? 'product' : null) : all[at + 1] ?? null;
}
