// SPDX-License-Identifier: Apache-2.0
// Pack the web build for embedding: gzip and Brotli streams one after another, and their list in C.
// Usage: node tools/embed-web.js DIST OUT    (no DIST: an empty list)
"use strict";
const fs = require("fs");
const path = require("path");
const zlib = require("zlib");

const [dist, out] = process.argv.slice(2);

function walk(folder, at = "") {
    if (!fs.existsSync(folder)) return [];
    return fs.readdirSync(folder, { withFileTypes: true })
        .sort((a, b) => (a.name < b.name ? -1 : 1))
        .flatMap((entry) => (entry.isDirectory()
            ? walk(path.join(folder, entry.name), `${at}/${entry.name}`)
            : [`${at}/${entry.name}`]));
}

// A build whose output is the same is no new build.
function write(name, bytes) {
    const file = path.join(out, name);
    if (fs.existsSync(file) && fs.readFileSync(file).equals(bytes)) return;
    fs.writeFileSync(file, bytes);
}

let at = 0;
const packed = [], lines = [];
for (const name of walk(dist)) {
    if (!/^[\x21-\x7e]+$/.test(name) || /["\\]/.test(name)) {
        console.error(`embed-web: ${name}: not a name for an address`);
        process.exit(1);
    }
    const bytes = fs.readFileSync(path.join(dist, name));
    const small = zlib.gzipSync(bytes, { level: 9 });
    const best = zlib.brotliCompressSync(bytes);
    const also = best.length < small.length ? best : Buffer.alloc(0);
    lines.push(`{"${name}", ${at}, ${small.length}, ${bytes.length}, ${also.length}},`);
    packed.push(small, also);
    at += small.length + also.length;
}
const data = Buffer.concat(packed);
// The digest makes the list another one when only content changed, so that C is compiled again.
const digest = require("crypto").createHash("sha256").update(data).digest("hex");
write("web.bin", data);
write("web-list.h", Buffer.from(`// ${digest}\n${lines.join("\n")}\n`));
