// SPDX-License-Identifier: Apache-2.0
// route.ts - the address is the whole state of a view.  The grammar is the one users of the
// OEC know: /en/visualize/tree_map/hs92/export/per/chn/show/2011.
import {useEffect, useState} from 'preact/hooks';

export type Lang = 'en' | 'es';
export interface Route {lang: Lang; path: string[]; query: URLSearchParams}

export function parse(url: string): Route {
    const u = new URL(url, 'http://x');
    const parts = u.pathname.split('/').filter(Boolean).map(decodeURIComponent);
    const lang: Lang = parts[0] === 'es' || (parts[0] !== 'en' && prefersSpanish()) ? 'es' : 'en';
    if (parts[0] === 'en' || parts[0] === 'es') {
        parts.shift();
    }
    return {lang, path: parts, query: u.searchParams};
}

function prefersSpanish(): boolean {
    return typeof navigator !== 'undefined' && /^es\b/.test(navigator.language);
}

const listeners = new Set<() => void>();
const tell = () => listeners.forEach(l => l());
addEventListener('popstate', tell);

export function go(url: string, replace = false): void {
    const pin = new URLSearchParams(location.search).get('v');
    const u = new URL(url, location.href);
    if (pin && !u.searchParams.has('v')) {
        u.searchParams.set('v', pin);
    }
    const to = u.pathname + u.search.replace(/%2C/g, ',').replace(/%3A/g, ':');
    if (to === location.pathname + location.search) {
        return;
    }
    history[replace ? 'replaceState' : 'pushState'](null, '', to);
    if (!replace) {
        scrollTo(0, 0);
    }
    tell();
}

export function useRoute(): Route {
    const [href, set] = useState(location.href);
    useEffect(() => {
        const changed = () => set(location.href);
        listeners.add(changed);
        return () => { listeners.delete(changed); };
    }, []);
    return parse(href);
}

// The same place with other options; empty ones are left out.
export function withQuery(changes: Record<string, string | undefined>, replace = false): void {
    const u = new URL(location.href);
    for (const [name, value] of Object.entries(changes)) {
        if (value) {
            u.searchParams.set(name, value);
        } else {
            u.searchParams.delete(name);
        }
    }
    go(u.pathname + u.search, replace);
}

// Clicks on links of ours stay in the page.
export function followLinks(event: MouseEvent): void {
    const link = (event.target as Element | null)?.closest?.('a');
    if (!link || event.defaultPrevented || event.button || event.metaKey || event.ctrlKey ||
        event.shiftKey || link.target || link.hasAttribute('download') ||
        link.origin !== location.origin || link.pathname.startsWith('/api/') ||
        link.hash && link.pathname === location.pathname) {
        return;
    }
    event.preventDefault();
    go(link.href);
}
