// SPDX-License-Identifier: Apache-2.0
// charts.ts - the library's own chart bundle, loaded when the first chart is wanted.
export interface Pick {name: string; dataType?: string; seriesName?: string; data?: unknown}
export interface Drawn {
    on(event: 'click', act: (p: Pick) => void): void;
    dispose(): void;
}
declare global {
    interface Window {quipuChart?: (element: HTMLElement, option: unknown) => Drawn}
}

let script: Promise<void> | null = null;

export function chartsReady(): Promise<void> {
    script ??= new Promise<void>((ready, failed) => {
        const tag = document.createElement('script');
        tag.src = '/assets/charts.js';
        tag.onload = () => ready();
        tag.onerror = () => {
            script = null;
            failed(new Error('/assets/charts.js'));
        };
        document.head.append(tag);
    });
    return script;
}
