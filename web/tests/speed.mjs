// SPDX-License-Identifier: Apache-2.0
// speed.mjs - how long a reader waits: the first view with the cube out of memory, and steps after.
// Usage: node tests/speed.mjs CUBE [COUNTRY PARTNER] [PROGRAM]
import {execFileSync} from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import {Place, ROOT, open} from './place.mjs';

const [cube, country = 'per', partner = 'chn', program = path.join(ROOT, 'build/quipu')] =
    process.argv.slice(2);
const place = new Place(path.resolve(program));

// Everything asked for is drawn; the watch stops in the page, at the frame it is on the screen.
async function drawn(page) {
    return page.evaluate(() => new Promise(done => {
        const look = () => document.querySelector('main') &&
            document.querySelectorAll('.chart').length > 0 && !document.querySelector('.waiting') &&
            [...document.querySelectorAll('.chart')].every(c => c.querySelector('svg'))
            ? done(performance.now()) : requestAnimationFrame(look);
        look();
    }));
}

const forget = file => execFileSync('dd', [`of=${file}`, 'oflag=nocache', 'conv=notrunc,fdatasync',
    'count=0', 'status=none']);

try {
    fs.symlinkSync(path.resolve(cube), path.join(place.folder, 'world.quipu'));
    const browser = await place.browser();
    const one = await open(browser);
    await one.goto('about:blank');
    const report = {bytes: fs.statSync(cube).size};
    forget(path.resolve(cube));
    const began = performance.now();
    const url = await place.serve('world');
    report.listening = performance.now() - began;
    await one.goto(url + '/en');
    report.firstView = await drawn(one);
    report.startToView = performance.now() - began;
    report.transferred = await one.evaluate(() => performance.getEntries()
        .reduce((sum, e) => sum + (e.transferSize ?? 0), 0));
    for (const [name, at] of [['country', `/en/profile/country/${country}`],
        ['pair', `/en/profile/pair/${country}/${partner}`],
        ['visualize', `/en/visualize/tree_map/hs92/export/${country}/all/show/2021/`],
        ['complexity', '/en/complexity']]) {
        await one.goto(url + at);
        report[name] = await drawn(one);
    }
    // Steps inside a page: from the key or click to the drawn answer.
    await one.goto(`${url}/en/profile/pair/${country}/${partner}`);
    await drawn(one);
    const steps = [];
    const slider = one.getByRole('slider', {name: 'Year'});
    await slider.focus();
    for (const key of ['ArrowLeft', 'ArrowLeft', 'ArrowRight', 'ArrowRight']) {
        steps.push(await one.evaluate(k => new Promise(done => {
            const t = performance.now(), input = document.activeElement;
            const setter = Object.getOwnPropertyDescriptor(HTMLInputElement.prototype, 'value').set;
            setter.call(input, String(Number(input.value) + (k === 'ArrowLeft' ? -1 : 1)));
            input.dispatchEvent(new Event('input', {bubbles: true}));
            input.dispatchEvent(new Event('change', {bubbles: true}));
            const before = document.querySelector('.sentence').textContent;
            const look = () => document.querySelector('.sentence').textContent !== before &&
                !document.querySelector('.waiting') ? done(performance.now() - t)
                : requestAnimationFrame(look);
            look();
        }), key));
    }
    report.yearSteps = steps;
    for (const [k, v] of Object.entries(report)) {
        console.log(k.padEnd(14), [v].flat().map(x => Math.round(x)).join(' '));
    }
} finally {
    await place.close();
}
