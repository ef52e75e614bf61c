// SPDX-License-Identifier: Apache-2.0
// theme.ts - light or dark: as the system says until the reader chooses.
const KEY = 'quipu-theme';

function stored(): string | null {
    try {
        return localStorage.getItem(KEY);
    } catch {
        return null; // storage is closed to this page
    }
}

export function applyTheme(): void {
    const chosen = stored();
    if (chosen === 'light' || chosen === 'dark') {
        document.documentElement.dataset.theme = chosen;
    }
}

export function withTheme(): void {
    const root = document.documentElement;
    const dark = root.dataset.theme ? root.dataset.theme === 'dark'
        : matchMedia('(prefers-color-scheme: dark)').matches;
    root.dataset.theme = dark ? 'light' : 'dark';
    try {
        localStorage.setItem(KEY, root.dataset.theme);
    } catch { /* not kept, then */ }
}
