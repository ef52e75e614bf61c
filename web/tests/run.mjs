// SPDX-License-Identifier: Apache-2.0
// run.mjs - the pages in a browser, over a real `quipu serve`; TAP on stdout.
// Usage: node tests/run.mjs [PROGRAM] [WORD...]   (only cases whose name has one of the words)
import {execFileSync} from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import {Place, ROOT, open} from './place.mjs';
import * as pages from './pages.mjs';
import * as figures from './figures.mjs';
import * as moves from './moves.mjs';

const program = path.resolve(process.argv[2] ?? path.join(ROOT, 'build/quipu'));
const words = process.argv.slice(3);

function cannot() {
    if (!fs.existsSync(program)) {
        return `there is no ${program}`;
    }
    if (!fs.existsSync('/usr/bin/chromium')) {
        return 'chromium is not installed';
    }
    try {
        execFileSync(program, ['serve', '-h'], {stdio: 'ignore'});
    } catch {
        return 'this quipu has no verb serve';
    }
    return null;
}

const why = cannot();
if (why) {
    console.log(`1..0 # SKIP ${why}`);
    process.exit(0);
}

const place = new Place(program);
let failed = 0, n = 0;
try {
    place.cube('isic', 'imports-from-peru-isic', 'tariffs-on-peru-isic');
    place.cube('peru', 'peru-partners');
    place.cube('world', 'exports-1997-hs4');
    place.register = path.join(ROOT, 'examples/peru-asia/register');
    place.goods = await place.serve('isic', '--register', place.register);
    place.totals = await place.serve('peru');
    place.world = await place.serve('world');
    const browser = await place.browser();
    const cases = Object.entries({...pages, ...figures, ...moves})
        .flatMap(([, f]) => f.cases ? f.cases() : [[f.says, f]])
        .filter(([name]) => words.length === 0 || words.some(w => name.includes(w)));
    console.log(`1..${cases.length}`);
    for (const [name, check] of cases) {
        n++;
        const page = await open(browser, check.options);
        try {
            const passed = await check(page, place);
            if (page.wrong.length) {
                throw new Error(page.wrong.join('\n'));
            }
            console.log(`ok ${n} - ${name}${passed ? ` # SKIP ${passed}` : ''}`);
        } catch (error) {
            failed++;
            console.log(`not ok ${n} - ${name}`);
            console.log(String(error.stack ?? error).split('\n').slice(0, 14)
                .map(l => '# ' + l).join('\n'));
        }
        await page.context().close();
    }
} finally {
    await place.close();
}
process.exit(failed ? 1 : 0);
