// SPDX-License-Identifier: Apache-2.0
// charts.ts - the drawing, the same that the program's own pictures are made with; loaded when
// the first chart comes into sight, and the outlines of countries with the first map.
export interface Pick {name: string; dataType?: string; seriesName?: string; data?: unknown}
export interface Drawn {
    on(event: 'click', act: (p: Pick) => void): void;
    dispose(): void;
}
export type Show = (element: HTMLElement, option: unknown) => Drawn;

let outlined = false;

export async function drawing(kind: string): Promise<Show> {
    const {show, map} = await import('../../../charts/charts.js');
    if (kind === 'map' && !outlined) {
        map((await import('virtual:outlines')).default);
        outlined = true;
    }
    return show as Show;
}
