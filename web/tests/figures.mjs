// SPDX-License-Identifier: Apache-2.0
// figures.mjs - what a page shows and hands out is what the command line says, to the last
// digit and byte.
import assert from 'node:assert/strict';
import {execFileSync} from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import {settled, visit} from './place.mjs';

const VIEW = '/en/visualize/tree_map/isic3/export/per/show/all/2011/';
const ASK = ['value', 'isic.quipu', '--reporter', 'PER', '--flow', 'export', '--basis', 'mirror',
    '--by', 'partner', '--years', '2011', '--sort', 'value', '--limit', '150', '--rest'];

function says(text, check) {
    check.says = text;
    return check;
}

// Exact figures stand in the titles of the cells.
const shown = page => page.$$eval('table.data tbody tr', rows => rows.map(r =>
    [...r.cells].map(c => c.title || c.textContent.trim())));

export const table = says('the table has the figures of the command line', async (page, place) => {
    await visit(page, place.goods + VIEW);
    await page.getByRole('button', {name: 'Show as table'}).click();
    await settled(page);
    const rows = await shown(page);
    const answer = JSON.parse(place.quipu(...ASK, '--format', 'json'));
    assert.equal(rows.length, answer.rows.length);
    answer.rows.forEach((r, i) => {
        assert.equal(rows[i][0], r.partner_name);
        assert.equal(Number(rows[i].at(-1)), r.value);
    });
});

async function download(page, name) {
    await page.locator('.figure .menu > summary').first().click();
    const [file] = await Promise.all([page.waitForEvent('download'),
        page.getByRole('link', {name, exact: true}).first().click()]);
    return fs.readFileSync(await file.path());
}

const written = (place, ...more) => {
    place.quipu(...ASK, ...more);
    return fs.readFileSync(path.join(place.folder, more.at(-1)));
};

for (const [name, ...way] of [['CSV', '-o', 'a.csv'], ['Excel', '-o', 'a.xlsx'],
    ['JSON', '-o', 'a.json'], ['Arrow', '-o', 'a.arrows'],
    ['SVG picture', '--chart', 'treemap', '--chart-title', 'TITLE', '-o', 'a.svg'],
    ['PNG picture', '--chart', 'treemap', '--chart-title', 'TITLE', '-o', 'a.png']]) {
    figuresOf(name, way);
}

function figuresOf(name, way) {
    (downloads.list ??= []).push([`download: ${name} is byte for byte what the command writes`,
        async (page, place) => {
            await visit(page, place.goods + VIEW);
            const title = await page.locator('.figure h2').innerText();
            const file = await download(page, name);
            const ours = written(place, ...way.map(w => w === 'TITLE' ? title : w));
            if (name === 'JSON') {
                assert.deepEqual(JSON.parse(file).rows, JSON.parse(ours).rows);
            } else {
                assert.ok(file.equals(ours), `${file.length} bytes, ${ours.length} expected`);
            }
        }]);
}

export function downloads() {}
downloads.cases = () => downloads.list;

export const arrow = says('download: Arrow is a stream with every row', async (page, place) => {
    await visit(page, place.goods + VIEW);
    const file = await download(page, 'Arrow');
    assert.equal(file.readUInt32LE(0), 0xFFFFFFFF);
    const read = 'import sys\ntry:\n import pyarrow.ipc as a\nexcept ImportError:\n sys.exit(7)\n' +
        'print(a.open_stream(sys.stdin.buffer).read_all()["value"].to_pylist())';
    const rows = JSON.parse(place.quipu(...ASK, '--format', 'json')).rows;
    try {
        const seen = execFileSync('/usr/bin/python3', ['-c', read], {input: file});
        assert.deepEqual(JSON.parse(seen), rows.map(r => r.value));
    } catch (e) {
        if (e.status !== 7) {
            throw e;
        }
        return 'pyarrow is not installed';
    }
});

export const command = says('copy as command: it runs, and says the same', async (page, place) => {
    await visit(page, place.goods + VIEW);
    await page.getByRole('button', {name: 'Copy as'}).click();
    await settled(page);
    const text = await page.locator('dialog pre').first().innerText();
    assert.match(text, /^quipu value \S*isic\.quipu /);
    const ran = execFileSync('sh', ['-c', text.replace(/^quipu/, '"$0"') + ' --format csv',
        place.program], {cwd: place.folder});
    assert.equal(String(ran), String(place.quipu(...ASK, '--format', 'csv')));
    const code = await page.locator('dialog pre').allInnerTexts();
    assert.match(code[1], /read\.csv/);
    assert.match(code[2], /pd\.read_csv/);
    const address = code[2].match(/"(http[^"]+)"/)[1];
    assert.equal(await (await fetch(address)).text(), String(ran));
    await page.keyboard.press('Escape');
    await settled(page);
    assert.equal(await page.locator('dialog').count(), 0);
});

export const study = says('add to study: a study with the block is accepted', async (page, place) => {
    await visit(page, place.goods + VIEW);
    await page.getByRole('button', {name: 'Add to study'}).click();
    await settled(page);
    const block = await page.locator('dialog pre').innerText();
    fs.writeFileSync(path.join(place.folder, 'one.yaml'), 'quipu: 1\nstudy: one\ntitle: One\n' +
        'date: 2020-01-01\ninputs:\n  trade:\n    title: Trade\n    cube: isic.quipu\n' +
        'sections:\n  - section: First\n    content:\n' +
        block.trimEnd().split('\n').map(l => '      ' + l).join('\n') + '\n');
    place.quipu('study', 'check', 'one.yaml');
});

export const explain = says('explain: formula, denominator, source and release', async (page, place) => {
    await visit(page, place.goods + VIEW);
    await page.getByRole('button', {name: 'Explain'}).click();
    await settled(page);
    const text = await page.locator('dialog').innerText();
    for (const word of ['Formula', 'V_ijkt', 'Source', 'UN Comtrade', 'Release', '2021', 'mirror']) {
        assert.ok(text.includes(word), `no “${word}”`);
    }
});

export const pivot = says('table builder: rows, columns, measure and filter', async (page, place) => {
    await visit(page, place.goods + '/en/explore?measure=value&rows=partner&cols=year&reporter=PER' +
        '&flow=export&basis=mirror&years=2009-2011');
    await page.getByLabel('Partner', {exact: true}).fill('CHN,JPN');
    await page.keyboard.press('Enter');
    await settled(page);
    assert.match(page.url(), /partner=CHN,JPN/);
    const cells = await page.$$eval('table.data tbody tr', rows => rows.map(r =>
        [...r.cells].map(c => c.textContent.trim())));
    const {rows} = JSON.parse(place.quipu('value', 'isic.quipu', '--reporter', 'PER', '--flow',
        'export', '--basis', 'mirror', '--years', '2009-2011', '--partner', 'CHN,JPN', '--by',
        'partner', '--format', 'json'));
    const said = rows.filter(r => r.partner === 'CHN').map(r => (r.value / 1e6)
        .toLocaleString('en-US', {minimumFractionDigits: 1, maximumFractionDigits: 1}));
    assert.deepEqual(cells.find(c => c[0] === 'China').slice(1), said);
    await page.getByLabel('Measure', {exact: true}).selectOption('growth');
    await settled(page);
    assert.match(page.url(), /measure=growth/);
    await page.getByLabel('Columns', {exact: true}).selectOption('');
    await settled(page);
    assert.ok((await page.locator('table.data').innerText()).includes('Growth a year'));
});
