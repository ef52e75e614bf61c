// SPDX-License-Identifier: Apache-2.0
declare module '*/charts/charts.js' {
    export function show(element: HTMLElement, option: unknown): unknown;
    export function map(outlines: unknown): void;
}
declare module 'virtual:outlines' {
    const outlines: unknown;
    export default outlines;
}
