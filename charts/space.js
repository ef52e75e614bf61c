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
            return (c.x - n.x) * (c.x - n.x) + (c.y - n.y) * (c.y - n.y) > least;
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

export function placed(o, q, room) {
    var s = o.series[0], text = {}, top = s.categories.length > 0 ? 26 : 4, side = 12;
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
        l.lineStyle = {width: 0.4 + 0.8 * Math.max(0, l.value - 0.3), opacity: 0.4};
    });
    if (s.categories.length > 0) {
        o.legend = {
            data: s.categories.map(function (c) { return c.name; }), icon: 'circle',
            left: room.left, top: room.top, padding: 0, itemWidth: 9, itemHeight: 9,
            itemGap: 14, textStyle: {fontSize: 11, color: theme.INK}
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
    s.lineStyle = {color: '#9AA5AF', curveness: 0};
    s.emphasis = {focus: 'adjacency'};
    q.names = text;
}
