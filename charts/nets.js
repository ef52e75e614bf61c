// SPDX-License-Identifier: Apache-2.0
// nets.js - networks, and who owns whom as a tree from the owners to what is owned.
import {FONT, cut, number, textWidth, wrap} from './text.js';
import {placed} from './space.js';
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
    if (q.placed) {
        placed(o, q, room);
        return;
    }
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

// An edge over more than one layer runs through a place of its own in each, so that lines
// pass between boxes.
function stations(nodes, edges, layer) {
    var out = [];
    edges.forEach(function (e) {
        if (e.back || layer[e.to] <= layer[e.from] + 1) {
            out.push({from: e.from, to: e.to, edge: e, back: e.back, first: true});
            return;
        }
        var before = e.from;
        for (var l = layer[e.from] + 1; l < layer[e.to]; l++) {
            nodes.push({station: true});
            layer.push(l);
            out.push({from: before, to: nodes.length - 1, edge: e, first: before === e.from});
            before = nodes.length - 1;
        }
        out.push({from: before, to: e.to, edge: e, first: false});
    });
    return out;
}

// Where lines leave and arrive: spread along the box, in the order they come from.
function ports(pieces, box, end, other, into) {
    var at = {};
    pieces.forEach(function (p) {
        if (!p.back) {
            (at[p[end]] = at[p[end]] || []).push(p);
        }
    });
    for (var key in at) {
        at[key].sort(function (a, b) { return box[a[other]].y - box[b[other]].y; });
        at[key].forEach(function (p, k) {
            var b = box[p[end]];
            p[into] = b.y + ((k + 0.5) / at[key].length - 0.5) * Math.max(b.h - 8, 0);
        });
    }
}

function curve(x1, y1, x2, y2, bend, drop, style) {
    return {
        type: 'bezierCurve', silent: true, z: 5,
        shape: {x1: x1, y1: y1, x2: x2, y2: y2, cpx1: x1 + bend, cpy1: y1 + drop,
            cpx2: x2 - bend, cpy2: y2 + drop},
        style: style
    };
}

function edgeParts(p, box, wide, es) {
    var a = box[p.from], b = box[p.to], value = p.edge.value, drop = p.back ? 34 : 0;
    var x1 = p.back ? a.x + wide / 2 : a.x + wide, x2 = p.back ? b.x + wide / 2 : b.x;
    var y1 = p.back ? a.y + a.h / 2 : p.leave, y2 = p.back ? b.y + b.h / 2 : p.arrive;
    var bend = p.back ? 0 : (x2 - x1) / 2, out = [];
    var style = {
        fill: 'none', stroke: theme.AXIS, lineDash: p.back ? [4, 3] : null,
        lineWidth: 1 + (value === null ? 0 : Math.min(3, 3 * value / 100))
    };
    out.push(curve(x1, y1, x2, y2, bend, drop, style));
    if (b.station) {
        out.push({type: 'line', silent: true, z: 5, style: style,
            shape: {x1: b.x, y1: b.y, x2: b.x + wide, y2: b.y}});
    }
    if (!p.first) {
        return out;
    }
    // The share stands where the lines are still apart: near the owner.
    var share = value === null ? '?' : tidy(value, es), w = textWidth(share, 10.5) + 6;
    var part = p.back ? 0.5 : Math.min(0.5, (w / 2 + 5) / Math.max(x2 - x1, 40));
    var x = bezier(part, x1, x1 + bend, x2 - bend, x2);
    var y = bezier(part, y1, y1 + drop, y2 + drop, y2);
    out.push({
        type: 'rect', silent: true, z: 15,
        shape: {x: x - w / 2, y: y - 7, width: w, height: 14, r: 2},
        style: {fill: theme.PAPER, opacity: 0.92}
    }, text(x, y, share, 10.5, {}));
    return out;
}

function boxParts(b, fill, ink, stroke, wide, size) {
    return [{
        type: 'rect', silent: true, z: 10,
        shape: {x: b.x, y: b.y - b.h / 2, width: wide, height: b.h, r: 3},
        style: {fill: fill, stroke: stroke, lineWidth: 1}
    }, text(b.x + wide / 2, b.y, b.lines.join('\n'), size, {fill: ink})];
}

export function ownership(o, q, room) {
    var s = o.series[0], nodes = s.data.slice(), index = {}, elements = [];
    nodes.forEach(function (n, i) { index['$' + n.name] = i; });
    var edges = s.links.map(function (l) {
        return {from: index['$' + l.source], to: index['$' + l.target], value: l.value};
    });
    var layer = layers(nodes, edges), n = Math.max.apply(null, layer.concat(0)) + 1;
    var pieces = stations(nodes, edges, layer), place = rows(nodes, pieces, layer, n), counts = [];
    layer.forEach(function (l) { counts[l] = (counts[l] || 0) + 1; });
    var tallest = Math.max.apply(null, counts.filter(Boolean));
    var rings = edges.some(function (e) { return e.back; });
    var height = room.height - (rings ? 26 : 0), tall = height / tallest;
    var size = tall < 26 ? 10 : 11.5, lineHeight = Math.round(size * 1.25);
    var gap = n > 1 ? Math.max(48, Math.min(120, 0.3 * room.width / (n - 1))) : 0;
    var wide = Math.min(190, (room.width - gap * (n - 1)) / n);
    var step = n > 1 ? (room.width - wide) / (n - 1) : 0;
    var most = tall > 52 ? 3 : tall > 36 ? 2 : 1;
    var box = nodes.map(function (node, i) {
        var lines = node.station ? [] : wrap(node.label, wide - 12, size, false, most);
        return {
            x: room.left + layer[i] * step, y: room.top + place[i] * height, lines: lines,
            h: node.station ? 0 : lines.length * lineHeight + 10, station: node.station
        };
    });
    var owned = {}, owns = {};
    edges.forEach(function (e) {
        owned[e.to] = true;
        owns[e.from] = true;
    });
    ports(pieces, box, 'to', 'from', 'arrive');
    ports(pieces, box, 'from', 'to', 'leave');
    pieces.forEach(function (p) {
        elements = elements.concat(edgeParts(p, box, wide, q.lang === 'es'));
    });
    nodes.forEach(function (node, i) {
        if (node.station) {
            return;
        }
        var last = !owns[i];
        elements = elements.concat(boxParts(box[i],
            last ? theme.LINES[0] : owned[i] ? '#E4EFF7' : '#FBE9CF',
            last ? theme.PAPER : theme.INK, last ? theme.LINES[0] : theme.AXIS, wide, size));
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
