// SPDX-License-Identifier: Apache-2.0
// api.ts - what the server gives, and one way of asking for it.  Answers are kept: a cube
// does not change under a page, and going back must be instant.
export interface Info {
    version: string;
    cube: {fingerprint: string; source: string; release: string; nomenclature: string;
        valuation: string; title: string};
    periods: number[];
    flows: string[];
    slabs: {period: number; flow: string; rows: number; value: number | null}[];
    register: boolean;
    studies: string[];
    charts: {name: string; summary: string; wants: string}[];
}
export interface Country {
    iso3: string; iso2: string; number: string; name: string; name_es: string; kind: string;
    export: boolean; import: boolean; mirror: boolean;
}
export interface Product {code: string; name: string; parent: string; leaf: boolean;
    value: number | null}
export interface Scheme {name: string; label: string; note: string;
    classes: {code: string; label: string}[]}
export interface Group {name: string; label: string; label_es: string; note: string}
export interface Param {name: string; type: string; choices?: string | string[] | null;
    default?: string | null; help: string}
export interface Column {name: string; label: string; type: string; unit: string; role: string;
    decimals?: number}
export interface Measure {
    name: string; aliases: string[]; summary: string; figure: string; needs: string;
}
export interface FullMeasure extends Measure {
    detail: string; formula: string; reference: string; params: Param[]; columns: Column[];
    example: string;
}
export type Cell = string | number | boolean | null;
export type Row = Record<string, Cell>;
export interface Table {
    measure: string; title: string; columns: Column[]; rows: Row[]; notes: string[];
    source: Record<string, string>; version: string;
    command?: string;
}
export interface Hit {kind: string; id: string; label: string; label_es: string; detail: string;
    url: string}

// A refusal of the server: its words are shown as they are.
export class Refusal extends Error {
    constructor(message: string, readonly status: number, readonly proposals: string[] = []) {
        super(message);
    }
}

const kept = new Map<string, Promise<unknown>>();
const MOST = 400;

async function load(url: string): Promise<unknown> {
    const answer = await fetch(url, {headers: {Accept: 'application/json'}});
    const text = await answer.text();
    let body: unknown = null;
    try {
        body = JSON.parse(text);
    } catch {
        throw new Refusal(answer.ok ? 'The answer is not JSON: ' + text.slice(0, 200)
            : text.slice(0, 200) || answer.statusText, answer.status);
    }
    if (!answer.ok) {
        const e = (body as {error?: {message?: string; proposals?: string[]}}).error;
        throw new Refusal(e?.message ?? answer.statusText, answer.status, e?.proposals ?? []);
    }
    const command = answer.headers.get('Quipu-Command');
    if (command && body && typeof body === 'object') {
        let plain = command;
        try {
            plain = /%[0-9A-F]{2}/i.test(command) ? decodeURIComponent(command) : command;
        } catch { /* it has a per cent sign of its own */ }
        (body as {command?: string}).command = plain.replace(/ --format json$/, '');
    }
    return body;
}

export function get<T>(url: string): Promise<T> {
    let answer = kept.get(url);
    if (!answer) {
        if (kept.size > MOST) {
            kept.delete(kept.keys().next().value as string);
        }
        answer = load(url);
        kept.set(url, answer);
        answer.catch(() => kept.delete(url));
    }
    return answer as Promise<T>;
}
