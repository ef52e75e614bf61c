// SPDX-License-Identifier: Apache-2.0
// pictures.mjs - takes the pictures of docs/explorer.md again.
// Usage: node tests/pictures.mjs [PROGRAM]
import path from 'node:path';
import {Place, ROOT, open, visit} from './place.mjs';

const place = new Place(path.resolve(process.argv[2] ?? path.join(ROOT, 'build/quipu')));
try {
    place.cube('isic', 'imports-from-peru-isic', 'tariffs-on-peru-isic');
    const url = await place.serve('isic', '--register', path.join(ROOT, 'examples/peru-asia/register'));
    const browser = await place.browser();
    for (const [name, at, viewport] of [
        ['explorer', '/en?year=2011', {width: 1180, height: 960}],
        ['explorer-pair', '/en/profile/pair/per/chn?year=2011', {width: 1180, height: 980}],
        ['explorer-phone', '/es/visualize/stacked/isic3/export/per/chn/show/2000.2011/?by=technology',
            {width: 390, height: 844}]]) {
        const page = await open(browser, {viewport});
        await visit(page, url + at);
        await page.screenshot({path: path.join(ROOT, `docs/pictures/${name}.png`)});
    }
} finally {
    await place.close();
}
