// SPDX-License-Identifier: Apache-2.0
// world.js - the map of the world: countries in classes of a figure, and a key to them.
import {figure} from './frame.js';
import {FONT, textWidth} from './text.js';
import {word} from './words.js';
import * as theme from './theme.js';

var KEY = 11;
var registered = false, names = {}, shape = 2;

function ring(numbers) {
    var out = [], x = 0, y = 0;
    for (var i = 0; i < numbers.length; i += 2) {
        x += numbers[i];
        y += numbers[i + 1];
        out.push([x, y]);
    }
    return out;
}

// Width for height of all that is drawn.
function aspect(shapes) {
    var x = [Infinity, -Infinity], y = [Infinity, -Infinity];
    shapes.forEach(function (s) {
        s.geometry.coordinates.forEach(function (polygon) {
            polygon[0].forEach(function (p) {
                x = [Math.min(x[0], p[0]), Math.max(x[1], p[0])];
                y = [Math.min(y[0], p[1]), Math.max(y[1], p[1])];
            });
        });
    });
    return (x[1] - x[0]) / (y[1] - y[0]);
}

// Features as bundle.js writes them: [code, English, Spanish, polygons of rings].
export function register(echarts, features) {
    var shapes = features.map(function (f, i) {
        var name = f[0] || '#' + i;
        names[name] = [f[1], f[2]];
        return {
            type: 'Feature', properties: {name: name},
            geometry: {type: 'MultiPolygon', coordinates: f[3].map(function (polygon) {
                return polygon.map(ring);
            })}
        };
    });
    shape = aspect(shapes);
    echarts.registerMap('world', {type: 'FeatureCollection', features: shapes});
    registered = true;
}

export function ready() {
    return registered;
}

export function nameOf(q, code) {
    return names[code] ? names[code][q.lang === 'es' ? 1 : 0] : code;
}

// Two figures are enough for a key: 1,234 becomes 1,200.
function rounded(value) {
    if (value === 0) {
        return 0;
    }
    var unit = Math.pow(10, Math.floor(Math.log(Math.abs(value)) / Math.LN10) - 1);
    return parseFloat((Math.round(value / unit) * unit).toPrecision(3));
}

// Bounds with about as many countries in each class.
function bounds(values) {
    var sorted = values.slice().sort(function (a, b) { return a - b; }), out = [];
    var classes = Math.min(5, sorted.length);
    if (sorted.length > 0 && sorted[0] < 0) {
        return signed(sorted);
    }
    for (var i = 1; i < classes; i++) {
        var at = rounded(sorted[Math.floor(i * sorted.length / classes)]);
        if (at > sorted[0] && (out.length === 0 || at > out[out.length - 1])) {
            out.push(at);
        }
    }
    return out;
}

function signed(sorted) {
    var most = Math.max(-sorted[0], sorted[sorted.length - 1]), step = rounded(most / 4);
    return [-step, 0, step];
}

function classOf(value, limits) {
    var i = 0;
    while (i < limits.length && value >= limits[i]) {
        i++;
    }
    return i;
}

function shades(n, negative) {
    if (negative) {
        return ['#A84B00', '#F0C79A', '#B5D6EC', '#0B4F87'];
    }
    var out = [];
    for (var i = 0; i < n; i++) {
        out.push(theme.SEQUENCE[n === 1 ? 3 : Math.round(i * 4 / (n - 1))]);
    }
    return out;
}

export function hatch() {
    return {
        type: 'pattern', svgWidth: 5, svgHeight: 5, patternTransform: 'rotate(45)', repeat: 'repeat',
        svgElement: {
            tag: 'g', key: 'hatch', attrs: {}, children: [
                {tag: 'rect', key: 'r', attrs: {width: 5, height: 5, fill: '#F4F4F4'}},
                {tag: 'path', key: 'p', attrs: {d: 'M0 5L5 0', stroke: '#CFCFCF', 'stroke-width': 1}}
            ]
        }
    };
}

// A short number with no more decimals than the class bounds need.
function bound(q, value) {
    var own = q.decimals, text = String(value), at = text.indexOf('.');
    q.decimals = at < 0 ? 0 : Math.min(text.length - at - 1, 3);
    var out = figure(q, value);
    q.decimals = own;
    return out;
}

// Rows of {x, text} that fit the width.
function keyRows(texts, room) {
    var out = [[]], x = room.left;
    texts.forEach(function (text, i) {
        var wide = 18 + textWidth(text, KEY) + 16;
        if (x + wide - 16 > room.right && x > room.left) {
            out.push([]);
            x = room.left;
        }
        out[out.length - 1].push({x: x, text: text, at: i});
        x += wide;
    });
    return out;
}

function keyTexts(o, q, limits, colours) {
    var texts = colours.map(function (c, i) {
        return i === 0 ? word(q, 'under') + ' ' + bound(q, limits[0])
            : i === limits.length ? bound(q, limits[i - 1]) + ' ' + word(q, 'over')
            : bound(q, limits[i - 1]) + ' \u2013 ' + bound(q, limits[i]);
    });
    if (limits.length === 0) {
        texts = [figure(q, o.series[0].data.length ? o.series[0].data[0].value : null)];
    }
    return texts.concat([word(q, 'missing')]);
}

// Draws the key and gives its height.
function key(o, q, room, limits, colours) {
    var lines = keyRows(limits.length === 0 ? keyTexts(o, q, limits, [])
        : keyTexts(o, q, limits, colours), room);
    o.graphic = {elements: []};
    lines.forEach(function (line, row) {
        var top = room.bottom - 12 - (lines.length - 1 - row) * 17;
        line.forEach(function (item) {
            o.graphic.elements.push({
                type: 'rect', silent: true, shape: {x: item.x, y: top, width: 13, height: 11},
                style: {
                    fill: item.at < colours.length ? colours[item.at] : hatch(),
                    stroke: '#A9A9A9', lineWidth: 0.6
                }
            }, {
                type: 'text', silent: true, style: {
                    x: item.x + 18, y: top + 5.5, text: item.text, fill: theme.INK,
                    textVerticalAlign: 'middle', font: KEY + 'px ' + FONT
                }
            });
        });
    });
    return lines.length * 17 + 5;
}

export function map(o, q, room) {
    var s = o.series[0], values = s.data.map(function (d) { return d.value; });
    values = values.filter(function (v) { return v !== null; });
    var limits = bounds(values), negative = values.some(function (v) { return v < 0; });
    var colours = shades(limits.length + 1, negative);
    s.map = 'world';
    s.aspectScale = 1;
    s.roam = false;
    s.selectedMode = false;
    s.showLegendSymbol = false;
    s.itemStyle = {areaColor: hatch(), borderColor: '#9C9C9C', borderWidth: 0.4};
    s.label = {show: false};
    s.emphasis = {label: {show: false}, itemStyle: {areaColor: undefined, borderColor: theme.INK,
        borderWidth: 1.2}};
    q.names = {};
    s.data = s.data.filter(function (d) {
        q.names[d.name] = d.label;
        delete d.label;
        return d.value !== null;
    });
    s.data.forEach(function (d) {
        var c = colours[classOf(d.value, limits)];
        d.itemStyle = {areaColor: c};
        d.emphasis = {itemStyle: {areaColor: c}};
    });
    var height = room.height - key(o, q, room, limits, colours);
    var width = Math.min(room.width, height * shape);
    s.width = width;
    s.height = width / shape;
    s.left = room.left + (room.width - width) / 2;
    s.top = room.top + (height - s.height) / 2;
}
