// SPDX-License-Identifier: Apache-2.0
// place.mjs - a folder with cubes made from the example tables, `quipu serve` over them, and a
// browser that notes what must not happen.
import {execFileSync, spawn} from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import {fileURLToPath} from 'node:url';
import {chromium} from 'playwright-core';
import {front} from './front.mjs';

export const ROOT = path.join(path.dirname(fileURLToPath(import.meta.url)), '../..');
const EXAMPLES = path.join(ROOT, 'data/examples');
const QUIET = ['--headless', '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run',
    '--disable-background-networking', '--disable-component-update', '--disable-sync'];

export class Place {
    constructor(program) {
        this.program = program;
        this.folder = fs.mkdtempSync(path.join(os.tmpdir(), 'quipu-pages-'));
        this.running = [];
    }

    quipu(...words) {
        return execFileSync(this.program, words, {cwd: this.folder, maxBuffer: 1 << 28,
            stdio: ['ignore', 'pipe', 'pipe']});
    }

    cube(name, ...tables) {
        const files = fs.readdirSync(EXAMPLES);
        this.quipu('import', ...tables.map(t => path.join(EXAMPLES,
            files.find(f => f.startsWith(t + '.csv')))), '-o', `${name}.quipu`);
    }

    // The address of the pages over a cube.
    async serve(cube, ...options) {
        const child = spawn(this.program, ['serve', `${cube}.quipu`, '--port', '0', ...options],
            {cwd: this.folder, stdio: ['ignore', 'pipe', 'pipe']});
        this.running.push(() => child.kill());
        const said = await new Promise((ready, failed) => {
            let text = '';
            const hear = part => {
                text += part;
                const at = text.match(/http:\/\/[\w.]+:\d+/);
                if (at) {
                    ready(at[0]);
                }
            };
            child.stdout.on('data', hear);
            child.stderr.on('data', hear);
            child.on('exit', () => failed(new Error('quipu serve ended: ' + text)));
        });
        const shell = await (await fetch(said + '/en')).text();
        if (shell.includes('id="app"')) {
            return said;
        }
        console.log('# the pages are not compiled in: web/dist is put before the server');
        const before = await front(said);
        this.running.push(before.close);
        return before.url;
    }

    async browser() {
        this.chromium = await chromium.launch({executablePath: '/usr/bin/chromium', args: QUIET});
        return this.chromium;
    }

    async close() {
        await this.chromium?.close();
        this.running.forEach(end => end());
        fs.rmSync(this.folder, {recursive: true, force: true});
    }
}

// A page that keeps an account: errors, and requests that leave the machine.
export async function open(browser, options = {}) {
    const context = await browser.newContext({viewport: {width: 1280, height: 900},
        acceptDownloads: true, locale: 'en-US', reducedMotion: 'reduce', ...options});
    const page = await context.newPage();
    page.wrong = [];
    page.underway = new Set();
    page.on('request', r => page.underway.add(r));
    page.on('requestfinished', r => page.underway.delete(r));
    page.on('requestfailed', r => page.underway.delete(r));
    page.on('pageerror', e => page.wrong.push('error: ' + e.message));
    page.on('console', m => {
        const where = m.location().url ?? '';
        // The page says in words that the cube has no tariffs; the browser notes the refusal.
        if (m.type() === 'error' && !/\/measures\/preference\?/.test(where)) {
            page.wrong.push(`console: ${m.text()} ${where}`);
        }
    });
    page.on('request', r => {
        const {hostname, protocol} = new URL(r.url());
        if (protocol.startsWith('http') && hostname !== '127.0.0.1') {
            page.wrong.push('request to ' + r.url());
        }
    });
    return page;
}

export async function visit(page, url) {
    await page.goto(url);
    await settled(page);
}

// All answers are there and drawn: nothing under way and two frames drawn since, seen three times
// running. (A page that was loaded once counts as idle for ever after, whatever it asks later.)
export async function settled(page) {
    const until = Date.now() + 30000;
    for (let still = 0; still < 3;) {
        const quiet = await page.evaluate(() => new Promise(done =>
            requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(() =>
                done(document.readyState === 'complete' && !document.querySelector('.waiting') &&
                    [...document.querySelectorAll('.chart')].every(c => c.querySelector('svg'))),
            20))))).catch(() => false);
        still = quiet && page.underway.size === 0 ? still + 1 : 0;
        if (Date.now() > until) {
            throw new Error('the page does not come to rest: ' +
                [...page.underway].map(r => r.url()).join(' '));
        }
    }
}
