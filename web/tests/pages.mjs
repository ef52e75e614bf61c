// SPDX-License-Identifier: Apache-2.0
// pages.mjs - each page, in both languages, wide and narrow, light and dark: it has a heading,
// nothing goes wrong, axe-core finds nothing serious, nothing sticks out sideways.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import {createRequire} from 'node:module';
import {visit} from './place.mjs';

const AXE = fs.readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const PAGES = [
    ['goods', '', 'Peru'],
    ['goods', '/profile/country/per', 'Peru'],
    ['goods', '/profile/country/chn?flow=import&year=2011', 'China'],
    ['goods', '/profile/pair/per/chn', 'Peru'],
    ['goods', '/profile/product/1320', '1320'],
    ['goods', '/visualize/tree_map/isic3/export/per/chn/show/2011/', '2011'],
    ['goods', '/visualize/stacked/isic3/export/per/chn/show/2000.2011/?by=technology', '2000–2011'],
    ['goods', '/visualize/tree_map/isic3/export/per/chn/show/2011/?compare=2001', '2011'],
    ['goods', '/visualize/geomap/isic3/export/per/show/all/2011/', '2011'],
    ['goods', '/visualize/sankey/isic3/export/per/show/all/2011/', '2011'],
    ['goods', '/explore', ''],
    ['goods', '/measure', ''],
    ['goods', '/measure/growth', 'growth'],
    ['goods', '/quality', ''],
    ['goods', '/investment', ''],
    ['goods', '/complexity', ''],
    ['goods', '/opportunities/per/chn', ''],
    ['goods', '/nowhere', ''],
    ['world', '', ''],
    ['world', '/profile/country/col', 'Colombia'],
    ['world', '/profile/product/0901', '0901'],
    ['world', '/complexity?country=COL', ''],
    ['world', '/opportunities/col/kor', ''],
    ['world', '/visualize/network/hs96/export/col/all/show/1997/', '1997'],
    ['world', '/quality', ''],
    ['totals', '', 'Peru'],
    ['totals', '/profile/pair/per/chn', 'Peru'],
    ['totals', '/profile/product/2603', '2603'],
    ['totals', '/visualize/line/total/export/per/show/all/1990.2011/', '1990–2011'],
    ['totals', '/study', '']
];

async function look(page, url, heading) {
    await visit(page, url);
    assert.ok((await page.locator('h1').first().innerText()).includes(heading));
    assert.ok(!/\{\w+\}/.test(await page.locator('body').innerText()), 'a word was not filled in');
    // The pages forbid scripts from elsewhere, so axe is handed to the browser itself.
    await page.evaluate(AXE + ';0');
    const found = await page.evaluate(() => window.axe.run(document, {iframes: false}));
    const bad = found.violations.filter(v => v.impact === 'serious' || v.impact === 'critical');
    assert.deepEqual(bad.map(v => `${v.id}: ${v.nodes.slice(0, 3).map(n => n.html.slice(0, 120))
        .join(' | ')}`), []);
    const over = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
    assert.ok(over <= 0, `sticks out by ${over} pixels`);
}

const WAYS = [
    ['en', 'wide', {}],
    ['es', 'narrow', {viewport: {width: 390, height: 844}}],
    ['en', 'dark', {colorScheme: 'dark'}]
];

export const everyPage = {
    cases: () => WAYS.flatMap(([lang, how, options]) => PAGES.map(([cube, path, heading]) => {
        const check = async (page, place) => {
            await look(page, `${place[cube]}/${lang}${path}`,
                lang === 'es' ? heading.replace('Peru', 'Perú') : heading);
        };
        check.options = options;
        return [`${cube} /${lang}${path} (${how})`, check];
    }))
};
