// SPDX-License-Identifier: Apache-2.0
// map.js - the outlines of the countries, from world-atlas, made ready to draw.
//
// A feature gets the three-letter code of our own table of countries (data/countries.csv),
// found by the ISO number.  Features without a number, and those that repeat one (Ashmore
// and Cartier Islands have Australia's), have no code: they are drawn and never coloured.
// Coordinates are put on the Equal Earth projection here, once, in units of a
// thousandth of the globe's radius.
'use strict';
const fs = require('fs');
const topojson = Object.assign({}, require('topojson-client'), require('topojson-simplify'));

function csv(text) {
    return text.split('\n').filter(Boolean).map(line => {
        const fields = [];
        for (const m of line.matchAll(/(?:^|,)(?:"((?:[^"]|"")*)"|([^,]*))/g)) {
            fields.push(m[1] !== undefined ? m[1].replace(/""/g, '"') : m[2]);
        }
        return fields;
    });
}

function countries(path) {
    const [head, ...rows] = csv(fs.readFileSync(path, 'utf8'));
    const at = name => head.indexOf(name);
    const byNumber = new Map();
    for (const row of rows) {
        if (!['country', 'area'].includes(row[at('kind')])) {
            continue;
        }
        const names = {code: row[at('iso3')], en: row[at('name')], es: row[at('name_es')]};
        for (const n of [row[at('number')], ...row[at('numbers')].split('|')]) {
            if (n && !byNumber.has(Number(n))) {
                byNumber.set(Number(n), names);
            }
        }
    }
    return byNumber;
}

// Savric, Patterson and Jenny (2019), The Equal Earth map projection.
function equalEarth([longitude, latitude]) {
    const A = [1.340264, -0.081106, 0.000893, 0.003796], r = Math.PI / 180;
    const t = Math.asin(Math.sqrt(3) / 2 * Math.sin(latitude * r)), s = t * t, s3 = s * s * s;
    const x = longitude * r * Math.cos(t) /
        (Math.sqrt(3) / 2 * (A[0] + 3 * A[1] * s + s3 * (7 * A[2] + 9 * A[3] * s)));
    return [Math.round(1000 * x), Math.round(1000 * t * (A[0] + A[1] * s + s3 * (A[2] + A[3] * s)))];
}

// The atlas runs over the edge of the sheet (180 degrees): a ring is followed without jumps,
// and what lies beyond either edge comes in again at the other.
function unwrapped(points) {
    let shift = 0;
    return points.map((p, i) => {
        const step = i > 0 ? p[0] - points[i - 1][0] : 0;
        shift -= step > 180 ? 360 : step < -180 ? -360 : 0;
        return [p[0] + shift, p[1]];
    });
}

// Sutherland and Hodgman (1974), for one upright edge.
function clipped(points, edge, inside) {
    const out = [];
    points.forEach((p, i) => {
        const q = points[(i + points.length - 1) % points.length];
        if (inside(p[0]) !== inside(q[0])) {
            const t = (edge - q[0]) / (p[0] - q[0]);
            out.push([edge, q[1] + t * (p[1] - q[1])]);
        }
        if (inside(p[0])) {
            out.push(p);
        }
    });
    return out;
}

function sheets(points) {
    const open = unwrapped(points.slice(0, -1));
    return [-360, 0, 360].map(shift => {
        const moved = open.map(p => [p[0] + shift, p[1]]);
        const right = clipped(moved, 180, x => x <= 180);
        const both = clipped(right, -180, x => x >= -180);
        return both.length ? both.concat([both[0]]) : both;
    }).filter(ring => ring.length > 3);
}

// A ring as differences of whole numbers; null when it has shrunk to nothing.
function ring(points) {
    const out = [];
    let last = null;
    for (const p of points.map(equalEarth)) {
        if (last === null || p[0] !== last[0] || p[1] !== last[1]) {
            out.push(...(last === null ? p : [p[0] - last[0], p[1] - last[1]]));
            last = p;
        }
    }
    return out.length >= 8 ? out : null;
}

// Twice a pixel on a sheet of the usual width; what is smaller is dust, unless it is all that a
// country has.
const SMALLEST = 110;

function area(ring) {
    let x = ring[0], y = ring[1], sum = 0;
    for (let i = 2; i < ring.length; i += 2) {
        sum += x * ring[i + 1] - y * ring[i];
        x += ring[i];
        y += ring[i + 1];
    }
    return Math.abs(sum) / 2;
}

// An island too small for the grid stays as a diamond, so that no country is lost.
function speck(points) {
    const [x, y] = equalEarth(points[0]);
    return [x - 4, y, 4, 4, 4, -4, -4, -4, -4, 4];
}

module.exports = function (countriesCsv) {
    const atlas = JSON.parse(fs.readFileSync(require.resolve('world-atlas/countries-50m.json')));
    const ready = topojson.presimplify(atlas);
    const topology = topojson.simplify(ready, 0.08);
    const byNumber = countries(countriesCsv);
    const used = new Set();
    const features = [];
    for (const geometry of topology.objects.countries.geometries) {
        const known = geometry.properties.name === 'Ashmore and Cartier Is.' ? undefined
            : byNumber.get(Number(geometry.id || -1));
        if (geometry.id === '010') {
            continue; // Antarctica has no trade and takes a sixth of the sheet
        }
        const code = known && !used.has(known.code) ? known.code : '';
        used.add(code);
        const shape = topojson.feature(topology, geometry).geometry;
        const polygons = (shape.type === 'Polygon' ? [shape.coordinates] : shape.coordinates)
            .flatMap(([outer, ...holes]) => sheets(outer).map((part, i) =>
                [part, ...(i === 0 ? holes.flatMap(sheets) : [])]));
        let rings = polygons.map(p => p.map(ring).filter((r, i) => r || i === 0))
            .filter(p => p[0]);
        const largest = rings.reduce((a, p) => Math.max(a, area(p[0])), 0);
        rings = rings.filter(p => area(p[0]) >= Math.min(SMALLEST, largest));
        if (rings.length === 0) {
            rings = [[speck(polygons[0][0])]];
        }
        const name = geometry.properties.name;
        features.push([code, known ? known.en : name, known ? known.es : name, rings]);
    }
    return features;
};
