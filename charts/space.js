// SPDX-License-Identifier: Apache-2.0
// space.js - a network with given places: small marks, thin links, a colour for each class,
// names at a few nodes with many links.
import {cut, textWidth} from './text.js';
import * as theme from './theme.js';

var NAMED = 14;

// Nodes with many links that stand apart from each other.
function hubs(nodes, room) {
    var least = Math.pow(0.16 * Math.min(room.width, room.height), 2), chosen = [];
    nodes.slice().sort(function (a, b) {
        return b.value - a.value || (a.name < b.name ? -1 : 1);
    }).forEach(function (n) {
        var apart = chosen.every(function (c) {
            var dx = c.x - n.x, dy = c.y - n.y; // names lie flat
            return dx * dx + dy * dy > least && (Math.abs(dy) > 13 || Math.abs(dx) > 170);
        });
        if (apart && chosen.length < NAMED) {
            chosen.push(n);
        }
    });
    return chosen;
}

// "Pumps for liquids, with or without a measuring device" is known by its first words.
function brief(name) {
    return cut(name.split(/[;,(]/)[0], 150, 10);
}

var GAP = 14, MARK = 9, LINE = 25;

// Lines the names of the classes take, as the legend breaks them.
function legendLines(categories, room) {
    var lines = 1, x = 0;
    categories.forEach(function (c) {
        var w = MARK + 5 + textWidth(c.name, 11);
        if (x > 0 && x + w > room.width) {
            lines++;
            x = 0;
        }
        x += w + GAP;
    });
    return lines;
}

export function placed(o, q, room) {
    var s = o.series[0], text = {}, side = 12;
    var top = s.categories.length > 0 ? 4 + LINE * legendLines(s.categories, room) : 4;
    var width = room.width - 2 * side, height = room.height - top - 10;
    s.categories.forEach(function (c, i) {
        c.itemStyle = {color: theme.FILLS[i % theme.FILLS.length]};
    });
    s.data.forEach(function (n) {
        var colour = theme.FILLS[(n.category || 0) % theme.FILLS.length];
        text[n.name] = n.label;
        n.x = room.left + side + n.x * width;
        n.y = room.top + top + n.y * height;
        n.symbolSize = Math.min(11, 4 + 0.8 * Math.sqrt(n.value));
        n.itemStyle = n.present === false
            ? {color: theme.PAPER, borderColor: colour, borderWidth: 1, opacity: 0.75}
            : {color: colour, borderColor: theme.PAPER, borderWidth: 0.5};
    });
    var names = hubs(s.data, room);
    s.data.forEach(function (n) { n.label = {show: false}; });
    names.forEach(function (n) {
        var name = brief(text[n.name]), right = n.x + 8 + textWidth(name, 10) < room.right;
        n.label = {
            show: true, position: right ? 'right' : 'left', distance: 3, fontSize: 10,
            color: theme.INK, textBorderColor: theme.PAPER, textBorderWidth: 2.5,
            formatter: function () { return name; }
        };
    });
    s.links.forEach(function (l) {
        l.lineStyle = {width: Math.round(4 + 8 * Math.max(0, l.value - 0.3)) / 10};
    });
    if (s.categories.length > 0) {
        o.legend = {
            data: s.categories.map(function (c) { return c.name; }), icon: 'circle',
            left: room.left, top: room.top, padding: 0, itemWidth: MARK, itemHeight: MARK,
            itemGap: GAP, textStyle: {fontSize: 11, color: theme.INK}
        };
    }
    s.layout = 'none';
    s.coordinateSystem = null;
    s.left = room.left + side;
    s.top = room.top + top;
    s.width = width;
    s.height = height;
    s.preserveAspect = false;
    s.roam = false;
    s.draggable = false;
    s.lineStyle = {color: '#C9CFD5', curveness: 0, opacity: 0.8};
    s.emphasis = {focus: 'adjacency'};
    q.names = text;
}
