// SPDX-License-Identifier: Apache-2.0
// nets.js - networks, and who owns whom as a tree from the owners to what is owned.
import {FONT, cut, number, textWidth, wrap} from './text.js';
import * as theme from './theme.js';

function overlap(a, b) {
    var w = Math.min(a.x2, b.x2) - Math.max(a.x1, b.x1);
    var h = Math.min(a.y2, b.y2) - Math.max(a.y1, b.y1);
    return w > 0 && h > 0 ? w * h : 0;
}

function beside(n, where, w, h) {
    var r = n.symbolSize / 2 + 3, x = n.x, y = n.y;
    if (where === 'right') {
        return {x1: x + r, x2: x + r + w, y1: y - h / 2, y2: y + h / 2};
    }
    if (where === 'left') {
        return {x1: x - r - w, x2: x - r, y1: y - h / 2, y2: y + h / 2};
    }
    y = where === 'top' ? y - r - h : y + r;
    return {x1: x - w / 2, x2: x + w / 2, y1: y, y2: y + h};
}

// Each name goes where it covers least: nodes first, then names already there, then the edge
// of the sheet.  Large nodes choose first.
function labelled(nodes, text, room) {
    var size = 11, taken = nodes.map(function (n) {
        var r = n.symbolSize / 2;
        return {x1: n.x - r, x2: n.x + r, y1: n.y - r, y2: n.y + r};
    });
    nodes.slice().sort(function (a, b) { return (b.value || 0) - (a.value || 0); })
        .forEach(function (n) {
            var name = cut(text[n.name], 130, size), w = textWidth(name, size), best = null;
            ['right', 'left', 'bottom', 'top'].forEach(function (where, i) {
                var box = beside(n, where, w, 13), cost = i;
                taken.forEach(function (t) { cost += 10 * overlap(box, t); });
                cost += 1000 * (Math.max(0, box.x2 - room.right) + Math.max(0, room.left - box.x1) +
                    Math.max(0, box.y2 - room.bottom) + Math.max(0, room.top - box.y1));
                if (best === null || cost < best.cost) {
                    best = {where: where, box: box, cost: cost};
                }
            });
            taken.push(best.box);
            n.label = {
                show: true, position: best.where, distance: 3, fontSize: size, color: theme.INK,
                formatter: function () { return name; }
            };
        });
}

export function network(o, q, room) {
    var s = o.series[0], most = 0, strongest = 0, text = {};
    s.data.forEach(function (n) { most = Math.max(most, n.value || 0); });
    s.links.forEach(function (l) { strongest = Math.max(strongest, l.value || 0); });
    var side = 60, up = 22;
    s.data.forEach(function (n) {
        text[n.name] = n.label;
        var size = 8 + 34 * Math.sqrt((n.value || 0) / (most || 1));
        n.x = room.left + side + n.x * (room.width - 2 * side);
        n.y = room.top + up + n.y * (room.height - 2 * up);
        n.symbolSize = size;
        n.itemStyle = {color: theme.LINES[0], borderColor: theme.PAPER, borderWidth: 1.5};
    });
    labelled(s.data, text, room);
    s.links.forEach(function (l) {
        l.lineStyle = {
            width: 0.8 + 7 * Math.sqrt(Math.max(l.value || 0, 0) / (strongest || 1)),
            opacity: 0.45
        };
    });
    s.layout = 'none';
    s.coordinateSystem = null;
    s.left = room.left + side;
    s.top = room.top + up;
    s.width = room.width - 2 * side;
    s.height = room.height - 2 * up;
    s.preserveAspect = false;
    s.roam = false;
    s.draggable = false;
    s.lineStyle = {color: '#7F8C99', curveness: 0.12};
    s.emphasis = {focus: 'adjacency'};
    q.names = text;
}

/* ---- ownership ---- */

// Longest way from an owner nobody owns; an edge that would close a ring is set aside.
function layers(nodes, edges) {
    var out = nodes.map(function () { return []; }), state = [], layer = [];
    var order = [];
    edges.forEach(function (e) { out[e.from].push(e); });
    function visit(n) {
        state[n] = 1;
        out[n].forEach(function (e) {
            if (state[e.to] === 1) {
                e.back = true;
            } else if (!state[e.to]) {
                visit(e.to);
            }
        });
        state[n] = 2;
        order.unshift(n);
    }
    var owned = {};
    edges.forEach(function (e) { owned[e.to] = true; });
    nodes.forEach(function (n, i) { if (!owned[i] && !state[i]) { visit(i); } });
    nodes.forEach(function (n, i) { if (!state[i]) { visit(i); } });
    nodes.forEach(function (n, i) { layer[i] = 0; });
    order.forEach(function (n) {
        out[n].forEach(function (e) {
            if (!e.back) {
                layer[e.to] = Math.max(layer[e.to], layer[n] + 1);
            }
        });
    });
    // An owner stands next to what it owns, not at the far left.
    order.slice().reverse().forEach(function (n) {
        var next = Infinity;
        out[n].forEach(function (e) { if (!e.back) { next = Math.min(next, layer[e.to]); } });
        if (next !== Infinity && !owned[n]) {
            layer[n] = next - 1;
        }
    });
    // What owns nothing is what it is all about: at the right, whatever the way to it.
    var last = Math.max.apply(null, layer.concat(0));
    nodes.forEach(function (n, i) {
        if (owned[i] && out[i].length === 0) {
            layer[i] = last;
        }
    });
    return layer;
}

// Rows within a layer: by the middle of what they are tied to, a few times to and fro.
function rows(nodes, edges, layer, n) {
    var columns = [], place = [];
    for (var l = 0; l < n; l++) {
        columns.push([]);
    }
    nodes.forEach(function (node, i) {
        place[i] = columns[layer[i]].length;
        columns[layer[i]].push(i);
    });
    function settle(column) {
        column.forEach(function (i, k) { place[i] = (k + 0.5) / column.length; });
    }
    columns.forEach(settle);
    for (var round = 0; round < 8; round++) {
        var forward = round % 2 === 1;
        for (var c = 0; c < n; c++) {
            var column = columns[forward ? c : n - 1 - c], middle = {};
            column.forEach(function (i) {
                var sum = 0, count = 0;
                edges.forEach(function (e) {
                    var other = forward ? (e.to === i ? e.from : -1) : (e.from === i ? e.to : -1);
                    if (other >= 0) {
                        sum += place[other];
                        count++;
                    }
                });
                middle[i] = count ? sum / count : place[i];
            });
            column.sort(function (a, b) { return middle[a] - middle[b] || a - b; });
            settle(column);
        }
    }
    return place;
}

function text(x, y, string, size, style) {
    var out = {
        type: 'text', silent: true, z: 20,
        style: {x: x, y: y, text: string, fill: theme.INK, font: size + 'px ' + FONT,
            textAlign: 'center', textVerticalAlign: 'middle', lineHeight: Math.round(size * 1.25)}
    };
    for (var k in style) {
        out.style[k] = style[k];
    }
    return out;
}

export function ownership(o, q, room) {
    var s = o.series[0], nodes = s.data, index = {}, es = q.lang === 'es', elements = [];
    nodes.forEach(function (n, i) { index['$' + n.name] = i; });
    var edges = s.links.map(function (l) {
        return {from: index['$' + l.source], to: index['$' + l.target], value: l.value};
    });
    var layer = layers(nodes, edges), n = Math.max.apply(null, layer.concat(0)) + 1;
    var place = rows(nodes, edges, layer, n), counts = [];
    layer.forEach(function (l) { counts[l] = (counts[l] || 0) + 1; });
    var tallest = Math.max.apply(null, counts.filter(Boolean));
    var size = tallest > 14 ? 10 : 11.5, lineHeight = Math.round(size * 1.25);
    var gap = n > 1 ? Math.max(48, Math.min(120, 0.3 * room.width / (n - 1))) : 0;
    var wide = Math.min(190, (room.width - gap * (n - 1)) / n);
    var step = n > 1 ? (room.width - wide) / (n - 1) : 0;
    var tall = room.height / tallest, most = tall > 52 ? 3 : tall > 34 ? 2 : 1;
    var box = nodes.map(function (node, i) {
        var lines = wrap(node.label, wide - 14, size, false, most);
        var h = Math.min(lines.length * lineHeight + 10, Math.max(tall - 4, lineHeight + 2));
        return {x: room.left + layer[i] * step, y: room.top + place[i] * room.height, h: h,
            lines: lines};
    });
    var arriving = {};
    edges.forEach(function (e) { (arriving[e.to] = arriving[e.to] || []).push(e); });
    // Where the lines arrive: spread along the box, in the order they come from.
    for (var key in arriving) {
        arriving[key].sort(function (a, b) { return box[a.from].y - box[b.from].y; });
        arriving[key].forEach(function (e, k) {
            var b = box[e.to];
            e.at = b.y + ((k + 0.5) / arriving[key].length - 0.5) * (b.h - 6);
        });
    }
    edges.forEach(function (e) {
        var a = box[e.from], x1 = a.x + wide, x2 = box[e.to].x, y1 = a.y, y2 = e.at;
        if (e.back || layer[e.from] >= layer[e.to]) {
            x1 = a.x + wide / 2;
            x2 = box[e.to].x + wide / 2;
            y1 = a.y + a.h / 2;
            y2 = box[e.to].y + box[e.to].h / 2;
        }
        var bend = e.back ? 0 : (x2 - x1) / 2, drop = e.back ? 40 : 0;
        elements.push({
            type: 'bezierCurve', silent: true, z: 5,
            shape: {x1: x1, y1: y1, x2: x2, y2: y2, cpx1: x1 + bend, cpy1: y1 + drop,
                cpx2: x2 - bend, cpy2: y2 + drop},
            style: {
                fill: 'none', stroke: theme.AXIS, lineDash: e.back ? [4, 3] : null,
                lineWidth: 1 + (e.value === null ? 0 : Math.min(3, 3 * e.value / 100))
            }
        });
        var share = e.value === null ? '?' : tidy(e.value, es);
        var part = e.back ? 0.5 : Math.min(0.5, 30 / Math.max(x2 - x1, 60));
        var at = bezier(part, y1, y1 + drop, y2 + drop, y2);
        var x = bezier(part, x1, x1 + bend, x2 - bend, x2);
        var w = textWidth(share, 10.5) + 6;
        elements.push({
            type: 'rect', silent: true, z: 15, shape: {x: x - w / 2, y: at - 7, width: w, height: 14, r: 2},
            style: {fill: theme.PAPER, opacity: 0.92}
        }, text(x, at, share, 10.5, {}));
    });
    nodes.forEach(function (node, i) {
        var b = box[i], last = layer[i] === n - 1 && n > 1;
        var fill = last ? theme.LINES[0] : layer[i] === 0 || !arriving[i] ? '#FBE9CF' : '#E4EFF7';
        elements.push({
            type: 'rect', silent: true, z: 10,
            shape: {x: b.x, y: b.y - b.h / 2, width: wide, height: b.h, r: 3},
            style: {fill: fill, stroke: last ? theme.LINES[0] : theme.AXIS, lineWidth: 1}
        }, text(b.x + wide / 2, b.y, b.lines.join('\n'), size, {fill: last ? theme.PAPER : theme.INK}));
    });
    o.graphic = {elements: elements};
    o.series = [];
}

function bezier(t, a, b, c, d) {
    var u = 1 - t;
    return u * u * u * a + 3 * u * u * t * b + 3 * u * t * t * c + t * t * t * d;
}

// Shares as they are told: 27 %, 39.9 %, 0.1 %.
function tidy(value, es) {
    var whole = Math.abs(value - Math.round(value)) < 0.005;
    return number(value, whole ? 0 : Math.abs(value) < 0.1 ? 2 : 1, es) + (es ? '\u00a0%' : '%');
}
