// SPDX-License-Identifier: Apache-2.0
// front.mjs - the pages of web/dist before a running `quipu serve`, as that will serve them
// itself once they are compiled in.  For working on the pages, and for testing them before
// the program is built again.
// Usage: node tests/front.mjs http://127.0.0.1:8417 [PORT]
import fs from 'node:fs';
import http from 'node:http';
import path from 'node:path';
import {fileURLToPath} from 'node:url';

const DIST = path.join(path.dirname(fileURLToPath(import.meta.url)), '../dist');
const MEDIA = {js: 'text/javascript', css: 'text/css', svg: 'image/svg+xml'};
const POLICY = "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; " +
    "img-src 'self' data: blob:; connect-src 'self'; frame-src 'self'";

export function front(behind, port = 0) {
    const server = http.createServer((request, response) => {
        const {pathname} = new URL(request.url, behind);
        const file = path.join(DIST, path.normalize(pathname));
        if (pathname.startsWith('/assets/') && fs.existsSync(file)) {
            response.setHeader('Content-Type', MEDIA[file.split('.').pop()] ?? 'text/plain');
            response.end(fs.readFileSync(file));
        } else if (/^\/(en|es)?(\/|$)/.test(pathname)) {
            response.setHeader('Content-Type', 'text/html; charset=utf-8');
            response.setHeader('Content-Security-Policy', POLICY);
            response.end(fs.readFileSync(path.join(DIST, 'index.html')));
        } else {
            http.get(behind + request.url, {headers: {accept: request.headers.accept ?? '*/*'}},
                answer => {
                    response.writeHead(answer.statusCode, answer.headers);
                    answer.pipe(response);
                }).on('error', e => response.writeHead(502).end(String(e)));
        }
    });
    return new Promise(ready => server.listen(port, '127.0.0.1', () =>
        ready({url: `http://127.0.0.1:${server.address().port}`, close: () => server.close()})));
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
    const shown = await front(process.argv[2] ?? 'http://127.0.0.1:8417', Number(process.argv[3] ?? 0));
    console.log(shown.url);
}
