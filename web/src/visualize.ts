// SPDX-License-Identifier: Apache-2.0
// visualize.ts - the path of a figure, read and written.
// /visualize/CHART/CUBE/FLOW/COUNTRY/PARTNER/WHAT/TIME
//   COUNTRY, PARTNER, WHAT: a code, several joined by dots, "all" (their sum), or "show": what
//   the figure draws.  TIME: 2011, or 1995.2011 for all years between.
export interface View {
    chart: string; cube: string; flow: string; country: string; partner: string; what: string;
    from: number; to: number;
}

const CHARTS: Record<string, string> = {
    tree_map: 'treemap', geomap: 'map', stacked: 'area', line: 'line', bar: 'bar',
    network: 'network', sankey: 'sankey', heatmap: 'heatmap'
};
export const chartWords = Object.keys(CHARTS);
export const kindOf = (word: string): string => CHARTS[word] ?? word;

const CUBES: Record<string, string> = {
    H0: 'hs92', H1: 'hs96', H2: 'hs02', H3: 'hs07', H4: 'hs12', H5: 'hs17', H6: 'hs22',
    S2: 'sitc2', S3: 'sitc3', I3: 'isic3', TOTAL: 'total'
};
export const cubeWord = (nomenclature: string): string =>
    CUBES[nomenclature] ?? nomenclature.toLowerCase();

export function readView(path: string[], last: number, nomenclature: string): View {
    const [chart = 'tree_map', cube = cubeWord(nomenclature), flow = 'export', country = 'all',
        partner = 'all', what = 'show', time = String(last)] = path;
    const years = time.split('.').map(Number).filter(n => n > 0);
    const from = years[0] ?? last;
    return {chart, cube, flow: flow === 'import' ? 'import' : 'export', country, partner, what,
        from, to: years[1] ?? from};
}

export function viewPath(lang: string, v: View): string {
    const time = v.to > v.from ? `${v.from}.${v.to}` : String(v.from);
    // It ends with a slash, as the OEC's does: "1995.2011" is not a file.
    return ['', lang, 'visualize', v.chart, v.cube, v.flow, v.country, v.partner, v.what, time, '']
        .map(encodeURIComponent).join('/');
}

export const codes = (part: string): string | undefined =>
    part === 'show' || part === 'all' ? undefined : part.toUpperCase().split('.').join(',');
