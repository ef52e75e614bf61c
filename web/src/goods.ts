// SPDX-License-Identifier: Apache-2.0
// goods.ts - ten broad groups of goods, so that a treemap has the same colours in every country
// and year.  They group a picture only; no figure is calculated by them.
import type {Lang} from './route';

// In the order of the chart's colours.
const NAMES: [string, string][] = [
    ['Machinery and electronics', 'Máquinas y electrónica'],
    ['Ores, fuels and minerals', 'Minerales y combustibles'],
    ['Food and farming', 'Alimentos y agricultura'],
    ['Chemicals and plastics', 'Química y plásticos'],
    ['Vehicles', 'Vehículos'],
    ['Metals', 'Metales'],
    ['Other', 'Otros'],
    ['Wood, paper, leather', 'Madera, papel, cuero'],
    ['Textiles, clothes, shoes', 'Textiles, ropa, calzado'],
    ['Stone, glass, precious metals', 'Piedra, vidrio, metales preciosos']
];
const HS: [number, number][] = [[24, 2], [27, 1], [40, 3], [43, 7], [49, 7], [67, 8], [71, 9],
    [83, 5], [85, 0], [89, 4], [92, 0], [99, 6]];
const ISIC: [number, number][] = [[5, 2], [14, 1], [16, 2], [19, 8], [22, 7], [25, 3], [26, 9],
    [28, 5], [33, 0], [35, 4], [99, 6]];

export function groupOf(nomenclature: string, code: string): number | null {
    const table = /^H\d$/.test(nomenclature) ? HS : nomenclature === 'I3' ? ISIC : null;
    const chapter = Number(code.slice(0, 2));
    if (!table || !(chapter > 0)) {
        return null;
    }
    return (table.find(([to]) => chapter <= to) ?? [0, 6])[1];
}

export const groupName = (group: number, lang: Lang): string =>
    NAMES[group]?.[lang === 'es' ? 1 : 0] ?? '';
export const groupCount = NAMES.length;
