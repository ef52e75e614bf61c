// SPDX-License-Identifier: Apache-2.0
// bundle.js - makes what the library embeds: charts.js, which is ECharts cut down to our
// kinds with our runtime, and world.js, the outlines of the countries; each packed by zlib.
// Usage: node bundle.js COUNTRIES.csv OUT-DIR
//
// The script engine reads ECMAScript 5, so names and blanks are shortened but the syntax is
// left alone: what a minifier makes of `for (var a = "x" in y ...` trips it.
'use strict';
const esbuild = require('esbuild');
const fs = require('fs');
const path = require('path');
const zlib = require('zlib');

const [, , countriesCsv, out] = process.argv;

// Either script may stand in a page between <script> and </script>.
function harmless(text) {
    return text.replace(/<(?=\/script|!--)/gi, '\\x3c');
}

function write(name, text) {
    const bytes = Buffer.from(harmless(text), 'latin1');
    const size = Buffer.alloc(8);
    size.writeBigUInt64LE(BigInt(bytes.length));
    const packed = zlib.deflateSync(bytes, {level: 9});
    fs.writeFileSync(path.join(out, name + '.z'), Buffer.concat([size, packed]));
    return packed;
}

const built = esbuild.buildSync({
    entryPoints: [path.join(__dirname, 'charts.js')],
    bundle: true,
    minifyWhitespace: true,
    minifyIdentifiers: true,
    target: 'es5',
    format: 'iife',
    globalName: 'quipuCharts',
    charset: 'ascii',
    legalComments: 'none',
    define: {'process.env.NODE_ENV': '"production"'},
    write: false
});
const notice = '/* Figures: Apache ECharts 6.1.0, Copyright the Apache Software Foundation, ' +
    'Apache License 2.0; ZRender, Copyright Baidu Inc., BSD 3-Clause. */\n';
const page = 'var quipuChart=quipuCharts.show;\n';
const outlines = JSON.stringify(require('./map.js')(countriesCsv))
    .replace(/[\u0080-\uffff]/g, c => '\\u' + c.charCodeAt(0).toString(16).padStart(4, '0'));
const parts = [
    write('charts.js', notice + built.outputFiles[0].text + page),
    write('world.js', '/* Outlines: Natural Earth (public domain) by way of world-atlas 2.0.2. ' +
        '*/\nquipuCharts.map(' + outlines + ');\n')
];
// embed.c includes this, so that it is compiled again when a part has changed.
const hash = require('crypto').createHash('sha256');
parts.forEach(p => hash.update(p));
fs.writeFileSync(path.join(out, 'charts-stamp.h'), '/* ' + hash.digest('hex') + ' */\n');
