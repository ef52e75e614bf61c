// SPDX-License-Identifier: Apache-2.0
//
// peer_duckdb: DuckDB at quipu's job, as well as DuckDB can reasonably do it.
//
//   node peer_duckdb.mjs --import DIR --db FILE [--order false] [--k varchar]
//   node peer_duckdb.mjs --query NAME --db FILE [--repeat N]
//   node peer_duckdb.mjs --all DIR --db FILE [--repeat N] [--cold N] [--no-import]
//   node peer_duckdb.mjs --list
//
// Each measurement is one line of JSON on standard output (--json is accepted
// and changes nothing).  --query measures inside the process: once without
// --repeat (opening the file included), else the median of N runs in one
// process.  --all also starts a fresh process for every cold run and measures
// it from outside, start of node included.
//
// Choices (README.md has the figures behind them):
//  * Columns are typed beforehand; nothing is sniffed.
//  * k is stored as INTEGER and shown with its leading zeros restored.  As
//    VARCHAR it costs DuckDB time on import and on every grouping by product
//    or chapter, so INTEGER is the choice that favours DuckDB.
//  * v and q are DECIMAL(18,3): exact, and stored as packed integers.
//  * All cores; insertion order preserved, so that the table stays sorted by
//    t,i,j,k and its zone maps skip nearly everything for an exporter.
//  * Queries are prepared before the warm runs, so those do not pay for parsing.
import { DuckDBInstance } from '@duckdb/node-api';
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const PERU = 604, CHINA = 156;

// Sections of the Harmonized System as ranges of chapters; 22 gathers the
// chapters 98 and 99, which belong to no section.
const SECTIONS = [[1, 5], [6, 14], [15, 15], [16, 24], [25, 27], [28, 38],
    [39, 40], [41, 43], [44, 46], [47, 49], [50, 63], [64, 67], [68, 70],
    [71, 71], [72, 83], [84, 85], [86, 89], [90, 92], [93, 93], [94, 96],
    [97, 97], [98, 99]];

// ---- the questions ---------------------------------------------------------

// Partner shares: one country's flows by partner in the last year.
const shares = (own, other) => y => `
    SELECT ${other} AS partner, sum(v) AS value,
           (sum(v) / sum(sum(v)) OVER ())::DOUBLE AS share
    FROM baci WHERE t = ${y.last} AND ${own} = ${PERU}
    GROUP BY ${other} ORDER BY value DESC, partner`;

// The pair's rows are selected first: ORDER BY ... LIMIT directly on the table
// makes DuckDB fetch the winners' columns in a second pass, ten times slower.
const top10 = (from, to) => y => `
    WITH pair AS MATERIALIZED (
        SELECT k, v FROM baci WHERE t = ${y.last} AND i = ${from} AND j = ${to})
    SELECT lpad(k::VARCHAR, 6, '0') AS product, v AS value
    FROM pair ORDER BY v DESC, k LIMIT 10`;

// By section in every year.  Summed by chapter first: the join with the class
// table then meets a few hundred rows and not the whole selection.
const structure = own => () => `
    WITH c AS (SELECT t, (k // 10000)::SMALLINT AS chapter, sum(v) AS v
               FROM baci WHERE ${own} = ${PERU} GROUP BY ALL)
    SELECT t, section, sum(v) AS value,
           (sum(v) / sum(sum(v)) OVER (PARTITION BY t))::DOUBLE AS share
    FROM c JOIN section_of USING (chapter) GROUP BY t, section ORDER BY t, section`;

// Balassa index of every exporter, product and year with exports.  One part a
// year: a third faster than one grouping by (t, i, k) over all the rows,
// because the hash tables are smaller.
const balassa = y => Array.from({ length: y.last - y.first + 1 }, (_, n) => `
    SELECT * FROM (
        WITH x  AS MATERIALIZED (SELECT i, k, sum(v)::DOUBLE AS x FROM baci
                                 WHERE t = ${y.first + n} GROUP BY i, k),
             xi AS (SELECT i, sum(x) AS s FROM x GROUP BY i),
             xk AS (SELECT k, sum(x) AS s FROM x GROUP BY k),
             xw AS (SELECT sum(x) AS s FROM x)
        SELECT ${y.first + n}::SMALLINT AS t, i, k, (x.x / xi.s) / (xk.s / xw.s) AS rca
        FROM x JOIN xi USING (i) JOIN xk USING (k), xw)`).join(' UNION ALL ');

// Compound growth from first to last year of every country's exports.  Again
// one part a year, which is faster than t IN (first, last).
const growth = y => `
    WITH c AS (
        SELECT i, (k // 10000)::SMALLINT AS chapter, sum(v) AS a, NULL AS b
        FROM baci WHERE t = ${y.first} GROUP BY ALL
        UNION ALL
        SELECT i, (k // 10000)::SMALLINT AS chapter, NULL AS a, sum(v) AS b
        FROM baci WHERE t = ${y.last} GROUP BY ALL)
    SELECT i, section, sum(a) AS first, sum(b) AS last,
           CASE WHEN sum(a) > 0 AND sum(b) > 0
                THEN (sum(b)::DOUBLE / sum(a)::DOUBLE) ** (1.0 / ${y.last - y.first}) - 1
           END AS growth
    FROM c JOIN section_of USING (chapter) GROUP BY i, section ORDER BY i, section`;

// Each question: its statements (the last gives the answer) and which columns
// to sum for the checksum.  Answers are fetched whole, as a user would.
const QUERIES = {
    startup: { sql: () => 'SELECT 1 AS one' },
    partner_shares: { sql: shares('i', 'j'), sum: 'value', top: 'partner' },
    partner_shares_importer: { sql: shares('j', 'i'), sum: 'value', top: 'partner' },
    top10_pair: { sql: top10(PERU, CHINA), sum: 'value', top: 'product' },
    // What Peru buys from China: the pair the other way round.
    top10_pair_importer: { sql: top10(CHINA, PERU), sum: 'value', top: 'product' },
    structure: { sql: structure('i'), sum: 'value' },
    structure_importer: { sql: structure('j'), sum: 'value' },
    // rca only counts and sums the cells; rca_table also keeps them.
    rca: {
        sql: y => `SELECT count(*) AS n, sum(rca) AS s, count(*) FILTER (rca >= 1) AS ge1
                   FROM (${balassa(y)})`,
    },
    rca_table: {
        before: y => `CREATE OR REPLACE TEMP TABLE rca AS ${balassa(y)}`,
        sql: () => 'SELECT count(*) AS n, sum(rca) AS s, count(*) FILTER (rca >= 1) AS ge1 FROM rca',
    },
    growth_by_class: { sql: growth, sum: 'growth' },
};

// ---- measuring --------------------------------------------------------------

const clock = () => Number(process.hrtime.bigint()) * 1e-9;
const round = (x, d) => Number(x.toFixed(d));
const rss = () => Math.round(process.resourceUsage().maxRSS / 1024);
const median = a => { const s = [...a].sort((x, y) => x - y); return s[s.length >> 1]; };
const say = o => console.log(JSON.stringify({ engine: 'duckdb', ...o }));

async function open(file, how) {
    const db = await DuckDBInstance.create(file, {
        threads: String(os.availableParallelism()), ...how });
    return db.connect();
}

// Sums are rounded to nine significant digits where they are sums of doubles;
// sums of decimals are exact to the last place.
function checksum(name, rows) {
    const q = QUERIES[name];
    if (name.startsWith('rca'))
        return { rows: Number(rows[0].n), sum: Number(Number(rows[0].s).toPrecision(9)),
                 at_least_1: Number(rows[0].ge1) };
    if (!q.sum) return { rows: rows.length };
    const all = rows.map(r => r[q.sum]).filter(x => x !== null);
    const out = { rows: rows.length };
    if (typeof all[0] === 'string') {
        // Decimals come as text with three places: sum them as thousandths.
        const n = all.reduce((s, x) => s + BigInt(x.replace('.', '')), 0n).toString();
        out.sum = `${n.slice(0, -3)}.${n.slice(-3)}`;
    } else out.sum = Number(all.reduce((s, x) => s + x, 0).toPrecision(9));
    if (q.top) out.top = rows[0]?.[q.top] ?? null;
    return out;
}

async function importWorld(dir, file, { order, k }) {
    const csv = fs.readdirSync(dir).filter(f => /^BACI_.*_Y\d{4}_.*\.csv$/.test(f))
        .sort().map(f => path.join(dir, f));
    if (!csv.length) throw new Error(`no BACI_*_Y*.csv in ${dir}`);
    for (const f of [file, `${file}.wal`]) fs.rmSync(f, { force: true });
    const quoted = s => `'${s.replaceAll("'", "''")}'`;
    const start = clock();
    const c = await open(file);
    await c.run(`SET preserve_insertion_order = ${order}`);
    // Missing quantities: NA or nothing, bare or padded to 13 places.  Blanks
    // before a number are skipped by the cast to DECIMAL.
    const missing = ['NA', 'NA'.padStart(13), ' '.repeat(13), ''];
    await c.run(`CREATE TABLE baci AS SELECT * FROM read_csv([${csv.map(quoted)}],
        auto_detect = false, header = true, delim = ',', quote = '', escape = '',
        nullstr = [${missing.map(quoted)}],
        columns = {t: 'SMALLINT', i: 'SMALLINT', j: 'SMALLINT', k: '${k}',
                   v: 'DECIMAL(18,3)', q: 'DECIMAL(18,3)'})`);
    const rows = SECTIONS.flatMap(([a, b], s) =>
        Array.from({ length: b - a + 1 }, (_, n) => `(${a + n}, ${s + 1})`));
    await c.run('CREATE TABLE section_of (chapter SMALLINT, section SMALLINT)');
    await c.run(`INSERT INTO section_of VALUES ${rows}`);
    // The first and last year, so that questions can name them as constants.
    await c.run('CREATE TABLE years AS SELECT min(t) AS first, max(t) AS last FROM baci');
    await c.run('CHECKPOINT');
    const seconds = clock() - start, peak = rss(), used = process.resourceUsage();
    const r = (await c.runAndReadAll('SELECT count(*) AS n, sum(v) AS v, sum(q) AS q, count(q) AS nq FROM baci'))
        .getRowObjectsJson()[0];
    c.closeSync();
    say({ case: 'import', k, preserve_order: order, seconds: round(seconds, 3),
          user: round(used.userCPUTime * 1e-6, 2), system: round(used.systemCPUTime * 1e-6, 2),
          bytes: fs.statSync(file).size,
          csv_bytes: csv.reduce((s, f) => s + fs.statSync(f).size, 0), rss_mb: peak,
          checksum: { rows: Number(r.n), sum: r.v, sum_q: r.q, known_q: Number(r.nq) } });
}

async function runQuery(name, file, repeat) {
    const q = QUERIES[name];
    if (!q) throw new Error(`no query ${name}; see --list`);
    const start = clock();
    const c = await open(file, { access_mode: 'READ_ONLY' });
    const y = name === 'startup' ? null
        : (await c.runAndReadAll('SELECT first, last FROM years')).getRowObjectsJson()[0];
    const sql = q.sql(y), times = [];
    let rows;
    if (!repeat) {
        if (q.before) await c.run(q.before(y));
        rows = (await c.runAndReadAll(sql)).getRowObjectsJson();
        times.push(clock() - start);
    } else {
        const p = q.before ? null : await c.prepare(sql);
        for (let n = 0; n < repeat; n++) {
            const s = clock();
            if (q.before) await c.run(q.before(y));
            rows = (await (p ? p.runAndReadAll() : c.runAndReadAll(sql))).getRowObjectsJson();
            times.push(clock() - s);
        }
    }
    say({ case: name, mode: repeat ? 'warm' : 'inside', runs: times.length,
          seconds: round(median(times), 6), best: round(Math.min(...times), 6),
          bytes: fs.statSync(file).size, rss_mb: rss(), checksum: checksum(name, rows) });
}

// ---- everything ---------------------------------------------------------------

function child(...args) {
    const start = clock();
    const r = spawnSync(process.execPath, [fileURLToPath(import.meta.url), ...args],
                        { encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'] });
    const seconds = clock() - start;
    if (r.status !== 0) throw new Error(`failed: ${args.join(' ')}`);
    return { seconds, out: JSON.parse(r.stdout.trim().split('\n').at(-1)), text: r.stdout };
}

function all(dir, file, { repeat, cold, noImport }) {
    if (!noImport) {
        // Every other way of importing goes into a file that is thrown away.
        const spare = `${file}.spare`;
        for (const how of [['--k', 'varchar'], ['--order', 'false']]) {
            process.stdout.write(child('--import', dir, '--db', spare, ...how).text);
            fs.rmSync(spare, { force: true });
        }
        for (let n = 0; n < 3; n++)
            process.stdout.write(child('--import', dir, '--db', file).text);
    }
    for (const name of Object.keys(QUERIES)) {
        const runs = Array.from({ length: cold }, () => child('--query', name, '--db', file));
        const { checksum: sum, bytes } = runs[0].out;
        say({ case: name, mode: 'cold', runs: cold,
              seconds: round(median(runs.map(r => r.seconds)), 6),
              best: round(Math.min(...runs.map(r => r.seconds)), 6),
              inside: round(median(runs.map(r => r.out.seconds)), 6), bytes,
              rss_mb: median(runs.map(r => r.out.rss_mb)), checksum: sum });
        process.stdout.write(child('--query', name, '--db', file, '--repeat', String(repeat)).text);
    }
}

// ---- command line ---------------------------------------------------------------

const arg = process.argv.slice(2);
const opt = name => { const n = arg.indexOf(name); return n < 0 ? undefined : arg[n + 1]; };
const count = (name, other) => {
    const v = opt(name);
    if (v === undefined) return other;
    if (!/^[1-9]\d*$/.test(v)) throw new Error(`${name} wants a positive number`);
    return Number(v);
};

if (arg.includes('--list')) {
    for (const [name, q] of Object.entries(QUERIES))
        console.log(`-- ${name}\n${q.before ? `${q.before({ first: 2017, last: 2021 })};\n` : ''}`
                    + `${q.sql({ first: 2017, last: 2021 })};\n`);
} else if (opt('--db') === undefined) {
    console.error('usage: peer_duckdb.mjs (--import DIR | --query NAME | --all DIR) --db FILE');
    process.exitCode = 2;
} else if (opt('--import')) {
    await importWorld(opt('--import'), opt('--db'), {
        order: opt('--order') !== 'false',
        k: opt('--k') === 'varchar' ? 'VARCHAR' : 'INTEGER' });
} else if (opt('--query')) {
    await runQuery(opt('--query'), opt('--db'), count('--repeat', 0));
} else if (opt('--all')) {
    all(opt('--all'), opt('--db'), {
        repeat: count('--repeat', 15), cold: count('--cold', 7),
        noImport: arg.includes('--no-import') });
}
