// SPDX-License-Identifier: Apache-2.0
// shapes.js - treemaps and flows between two or more sides.
import {cut, number, textWidth} from './text.js';
import {figure} from './frame.js';
import * as theme from './theme.js';

function sizeOf(node) {
    return node.children ? node.children.reduce(function (sum, c) { return sum + sizeOf(c); }, 0)
        : node.value;
}

// A lighter shade of a colour, for what stands inside of it.
function lighter(hex, part) {
    var out = '#';
    for (var i = 1; i < 7; i += 2) {
        var c = parseInt(hex.slice(i, i + 2), 16);
        var text = Math.round(c + (255 - c) * part).toString(16);
        out += text.length < 2 ? '0' + text : text;
    }
    return out;
}

export function treemap(o, q, room) {
    var s = o.series[0], total = s.data.reduce(function (sum, n) { return sum + sizeOf(n); }, 0);
    var es = q.lang === 'es';
    s.left = room.left;
    s.top = room.top;
    s.width = room.width;
    s.height = room.height;
    s.animation = false;
    s.animationDurationUpdate = 0;
    s.roam = false;
    s.nodeClick = false;
    s.breadcrumb = {show: false};
    s.leafDepth = null;
    s.squareRatio = 1.3;
    var two = s.data.some(function (n) { return n.children; });
    s.data.forEach(function (node, i) {
        var c = node.rest || i >= theme.FILLS.length ? theme.REST : theme.FILLS[i];
        node.itemStyle = {color: c};
        (node.children || []).forEach(function (leaf, k) {
            leaf.itemStyle = {color: k % 2 ? lighter(c, 0.12) : c};
            leaf.label = {color: theme.inkOn(c)};
        });
        node.label = {color: theme.inkOn(c)};
        node.upperLabel = {color: theme.INK};
    });
    s.itemStyle = {borderColor: theme.PAPER, borderWidth: 0, gapWidth: 2};
    s.levels = two ? [
        {itemStyle: {gapWidth: 4}},
        {upperLabel: {show: true, height: 18}, itemStyle: {gapWidth: 1, borderColor: theme.GRID,
            borderWidth: 1}}
    ] : [{itemStyle: {gapWidth: 2}}];
    var scale = Math.sqrt(room.width * room.height / (total || 1));
    s.label = {
        position: 'insideTopLeft', distance: 0, padding: [5, 6, 3, 6], fontSize: 11.5, lineHeight: 14,
        overflow: 'break', lineOverflow: 'truncate', ellipsis: '\u2026',
        formatter: function (p) {
            var side = scale * Math.sqrt(p.value || 0);
            var share = number(100 * p.value / total, 1, es) + (es ? '\u00a0%' : '%');
            // The share first: it stays when a long name does not fit.
            return side < 40 ? '' : side < 72 ? share : share + '\n' + p.name;
        }
    };
    // Without a formatter of its own it takes the two lines of the label.
    s.upperLabel = {
        fontSize: 11.5, fontWeight: 'bold', height: 18, padding: [0, 4], overflow: 'truncate',
        formatter: function (p) {
            return p.name + '  ' + number(100 * p.value / total, 1, es) + (es ? '\u00a0%' : '%');
        }
    };
    s.emphasis = {itemStyle: {borderColor: theme.INK}};
}

export function sankey(o, q, room) {
    var s = o.series[0], text = {}, size = 11.5, depth = {}, deepest = 0;
    var most = Math.min(230, room.width * 0.3);
    s.data.forEach(function (n) {
        text[n.name] = n.label;
        delete n.label;
        depth[n.name] = n.depth;
        deepest = Math.max(deepest, n.depth);
    });
    var into = {}, out = {};
    s.links.forEach(function (l) {
        out[l.source] = (out[l.source] || 0) + l.value;
        into[l.target] = (into[l.target] || 0) + l.value;
    });
    var side = [0, 0], tints = 0, at = {};
    s.data.forEach(function (n) { at[n.depth] = (at[n.depth] || 0) + 1; });
    s.data.forEach(function (n) {
        var first = depth[n.name] === 0, tinted = first || deepest > 1;
        var c = tinted ? theme.FILLS[tints++ % theme.FILLS.length] : theme.SOFT;
        n.itemStyle = {color: c, borderWidth: 0};
        var amount = figure(q, Math.max(into[n.name] || 0, out[n.name] || 0));
        // Name and figure above one another where there is room for two lines.
        var tall = room.height / at[depth[n.name]] > 56;
        var name = cut(text[n.name], tall ? most : most - textWidth(amount, size) - 8, size);
        var lines = tall ? [name, amount] : [name + '  ' + amount];
        if (first || depth[n.name] === deepest) {
            side[first ? 0 : 1] = Math.max(side[first ? 0 : 1], textWidth(lines[0], size),
                textWidth(amount, size));
        }
        n.label = {
            position: first ? 'left' : 'right', align: first ? 'right' : 'left',
            formatter: function () { return lines.join('\n'); }
        };
    });
    s.left = room.left + side[0] + 8;
    s.right = room.left + side[1] + 8;
    s.top = room.top + 8;
    s.bottom = 0;
    s.height = room.height - 16;
    s.nodeWidth = 12;
    var rows = s.data.filter(function (n) { return depth[n.name] === 0; }).length;
    rows = Math.max(rows, s.data.length - rows);
    s.nodeGap = Math.max(4, Math.min(26, room.height / rows * 0.5));
    s.nodeAlign = 'justify';
    s.draggable = false;
    s.layoutIterations = 32;
    s.lineStyle = {color: 'source', opacity: 0.38, curveness: 0.5};
    s.label = {fontSize: size, lineHeight: 13, color: theme.INK};
    s.emphasis = {focus: 'adjacency'};
    q.names = text;
}
