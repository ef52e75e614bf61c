// SPDX-License-Identifier: Apache-2.0
// moves.mjs - getting about: search, years, drilling, back and forward, language, theme.
import assert from 'node:assert/strict';
import {settled, visit} from './place.mjs';

function says(text, check, options) {
    check.says = text;
    check.options = options;
    return check;
}

const heading = page => page.locator('h1').first().innerText();

export const search = says('search by keyboard: two countries are a pair', async (page, place) => {
    await visit(page, place.goods + '/en');
    await page.getByRole('combobox', {name: 'Search'}).first().fill('peru china');
    const options = page.getByRole('option');
    await options.first().waitFor();
    assert.match(await options.first().innerText(), /Peru.*China/);
    await page.keyboard.press('Enter');
    await settled(page);
    assert.match(page.url(), /\/profile\/pair\/per\/chn/);
});

export const searchNothing = says('search: what is not there is said', async (page, place) => {
    await visit(page, place.goods + '/en');
    await page.getByRole('combobox', {name: 'Search'}).first().fill('xyzzyx');
    await page.getByText('Nothing here is called').waitFor();
});

export const backForward = says('back and forward restore views', async (page, place) => {
    const first = place.goods + '/en/visualize/tree_map/isic3/export/per/chn/show/2011/';
    await visit(page, first);
    await page.getByRole('button', {name: 'Bars'}).click();
    await settled(page);
    await page.getByLabel('Partner', {exact: true}).selectOption('jpn');
    await settled(page);
    const second = page.url(), title = await heading(page);
    assert.match(second, /\/bar\/isic3\/export\/per\/jpn\/show\/2011/);
    assert.match(title, /Japan/);
    await page.goBack();
    await settled(page);
    await page.goBack();
    await settled(page);
    assert.equal(page.url(), first);
    assert.match(await heading(page), /China/);
    assert.equal(await page.getByRole('button', {name: 'Tree map'}).getAttribute('aria-pressed'), 'true');
    await page.goForward();
    await settled(page);
    await page.goForward();
    await settled(page);
    assert.equal(page.url(), second);
    assert.equal(await heading(page), title);
    await page.reload();
    await settled(page);
    assert.equal(await heading(page), title);
});

export const years = says('year slider by keyboard, and the play button', async (page, place) => {
    await visit(page, place.goods + '/en/profile/pair/per/chn?year=2009');
    const slider = page.getByRole('slider', {name: 'Year'});
    await slider.focus();
    await page.keyboard.press('ArrowRight');
    await settled(page);
    assert.match(page.url(), /year=2010/);
    assert.match(await page.locator('.sentence').innerText(), /In 2010/);
    await page.getByRole('button', {name: 'Play the years'}).click();
    await page.waitForURL(/year=2011/);
    await page.getByRole('button', {name: 'Stop'}).click();
});

export const drill = says('drill down and breadcrumbs', async (page, place) => {
    await visit(page, place.goods +
        '/en/visualize/tree_map/isic3/export/per/chn/show/2011/?by=isic-division');
    const box = await page.locator('.chart svg').boundingBox();
    await page.mouse.click(box.x + box.width * 0.2, box.y + box.height * 0.5);
    await page.waitForURL(/within=\d\d/);
    await settled(page);
    assert.match(page.url(), /by=product/);
    await page.getByRole('navigation', {name: 'Within'}).getByRole('button').first().click();
    await settled(page);
    assert.ok(!page.url().includes('within='));
});

export const direction = says('exports and imports, and the pair the other way', async (page, place) => {
    await visit(page, place.totals + '/en/profile/country/per?year=2011');
    assert.match(await page.locator('.sentence').innerText(), /sold goods for US\$\s36\.3\sbillion/);
    await page.getByRole('button', {name: 'Imports'}).click();
    await settled(page);
    assert.match(await page.locator('.sentence').innerText(), /bought goods for US\$\s37\.9\sbillion/);
    await visit(page, place.totals + '/en/profile/pair/per/chn');
    await page.getByRole('link', {name: 'Swap the two'}).click();
    await settled(page);
    assert.match(page.url(), /pair\/chn\/per/);
});

export const language = says('Spanish: words, names and decimal comma', async (page, place) => {
    await visit(page, place.totals + '/en/profile/country/per?year=2011');
    await page.getByRole('link', {name: 'Español'}).click();
    await settled(page);
    assert.match(page.url(), /\/es\/profile\/country\/per\/?\?year=2011/);
    assert.equal(await page.evaluate(() => document.documentElement.lang), 'es');
    assert.match(await page.locator('.sentence').innerText(), /36,3\smil\smillones/);
    assert.match(await page.locator('.ranking').first().innerText(), /Estados Unidos/);
});

export const spanishTables = says('Spanish: labels of columns and names of classes', async (page, place) => {
    await visit(page, place.goods + '/es/profile/pair/per/chn?year=2011');
    const text = await page.locator('main').innerText();
    for (const word of ['Último valor', 'Bienes primarios', 'Minería y petróleo', 'Aplicado, %']) {
        assert.ok(text.includes(word), `no “${word}”`);
    }
    assert.ok(!/First value|Primary goods|Mining and Oil/.test(text));
});

export const noSlash = says('an address that ends with years and no slash is a page', async (page, place) => {
    await visit(page, place.goods + '/en/visualize/stacked/isic3/export/per/chn/show/2000.2011');
    assert.match(await heading(page), /2000–2011/);
});

export const worldStart = says('a world: sellers, goods, and from there to the product', async (page, place) => {
    await visit(page, place.world + '/en');
    await page.getByRole('link', {name: /^Motor cars/}).first().click();
    await settled(page);
    assert.match(page.url(), /\/profile\/product\/8703/);
    assert.match(await page.locator('.ranking').first().innerText(), /Germany/);
});

export const spaceOf = says('product space: of the country that is chosen', async (page, place) => {
    await visit(page, place.world + '/en/complexity');
    await page.getByLabel('Country').selectOption('COL');
    await settled(page);
    assert.match(page.url(), /country=COL/);
    const said = JSON.parse(place.quipu('complexity', 'world.quipu', '--digits', '4', '--format', 'json'));
    const first = said.rows.find(r => r.rank === 1);
    assert.ok((await page.locator('table.data tbody tr').first().innerText())
        .startsWith(first.reporter_name));
});

export const theme = says('light and dark are remembered', async (page, place) => {
    await visit(page, place.totals + '/en');
    await page.getByRole('button', {name: 'Light or dark'}).click();
    await settled(page);
    assert.equal(await page.evaluate(() => document.documentElement.dataset.theme), 'dark');
    await page.reload();
    await settled(page);
    assert.equal(await page.evaluate(() => document.documentElement.dataset.theme), 'dark');
});

export const embed = says('embed: the figure without the page around it', async (page, place) => {
    await visit(page, place.goods +
        '/en/visualize/tree_map/isic3/export/per/chn/show/2011/?embed=1');
    assert.equal(await page.locator('header.head').count(), 0);
    assert.equal(await page.locator('.chart svg').count(), 1);
});

export const phoneMenu = says('the menu of a phone', async (page, place) => {
    await visit(page, place.goods + '/en');
    await page.getByRole('button', {name: 'Menu'}).click();
    await page.getByRole('link', {name: 'Table builder'}).click();
    await settled(page);
    assert.match(page.url(), /\/en\/explore/);
}, {viewport: {width: 390, height: 844}});

export const why = says('empty states say why', async (page, place) => {
    await visit(page, place.totals + '/en/profile/product/2603');
    assert.match(await page.locator('main').innerText(), /totals only, no products/);
    await visit(page, place.goods + '/en/profile/product/9998');
    assert.match(await page.locator('main').innerText(), /not among the products/);
    await visit(page, place.goods + '/en/profile/country/xyz');
    assert.match(await page.locator('main').innerText(), /no “XYZ” in this cube/);
    await visit(page, place.goods + '/en/profile/pair/per/chn?year=2012');
    assert.match(await page.locator('main').innerText(), /2012 was not reported/);
    await visit(page, place.totals + '/en/study');
    assert.match(await page.locator('main').innerText(), /No study is served/);
});

export const pinned = says('a link made with another release says so', async (page, place) => {
    await visit(page, place.totals + '/en?v=00000000000000000000000000000000');
    assert.match(await page.locator('main').innerText(), /another release of the data/);
});
