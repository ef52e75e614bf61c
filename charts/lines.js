// SPDX-License-Identifier: Apache-2.0
// lines.js - lines and stacked areas, each named at its end rather than in a legend.
import {textWidth, wrap} from './text.js';
import {valueAxis} from './frame.js';
import {word} from './words.js';
import * as theme from './theme.js';

var LABEL = 11.5, MOST = 7;

// The years that get a label: round ones, and the ends where there is room.
function yearTicks(first, last, width) {
    var steps = [1, 2, 5, 10, 20, 25, 50, 100, 1000], most = Math.max(2, Math.floor(width / 44));
    var step = steps.filter(function (s) { return (last - first) / s <= most; })[0] || 1000;
    var gap = 40 * (last - first) / width, ticks = [];
    for (var year = Math.ceil(first / step) * step; year <= last; year += step) {
        ticks.push(year);
    }
    if (ticks.length === 0 || ticks[0] - first >= gap) {
        ticks.unshift(first);
    }
    if (last - ticks[ticks.length - 1] >= gap) {
        ticks.push(last);
    }
    return ticks;
}

export function timeAxis(given, q, width) {
    var axis = {
        type: given.type, boundaryGap: false,
        axisLine: {onZero: false, lineStyle: {color: theme.AXIS}},
        axisTick: {lineStyle: {color: theme.AXIS}},
        axisLabel: {fontSize: 11, color: theme.SOFT, hideOverlap: true},
        splitLine: {show: false}
    };
    if (given.type === 'category') {
        axis.data = given.data;
        return axis;
    }
    var alone = given.min === given.max;
    axis.min = alone ? given.min - 1 : given.min;
    axis.max = alone ? given.max + 1 : given.max;
    var ticks = alone ? [given.min] : yearTicks(given.min, given.max, width);
    axis.axisLabel.customValues = axis.axisTick.customValues = ticks;
    axis.axisLabel.formatter = function (year) { return String(year); };
    return axis;
}

function known(point) {
    return point[1] !== null && point[1] !== undefined;
}

function lastKnown(series) {
    for (var i = series.data.length - 1; i >= 0; i--) {
        if (known(series.data[i])) {
            return series.data[i];
        }
    }
    return null;
}

// Only the largest keep a colour; the others are there, in grey, to compare with.
function chosen(series) {
    var order = series.map(function (s, i) {
        var last = lastKnown(s);
        return {at: i, size: last ? Math.abs(last[1]) : -1};
    });
    order.sort(function (a, b) { return b.size - a.size || a.at - b.at; });
    var keep = {};
    order.slice(0, series.length > MOST ? MOST - 1 : MOST).forEach(function (item, i) {
        keep[item.at] = i + 1;
    });
    return keep;
}

function label(name, at, y, colour, room) {
    return {
        type: 'line', silent: true, data: [[at, y]], symbolSize: 0.01, symbol: 'circle',
        lineStyle: {opacity: 0}, itemStyle: {opacity: 0}, tooltip: {show: false}, z: 5,
        name: '', quipuLabel: true,
        label: {
            show: true, opacity: 1, position: 'right', distance: 7, fontSize: LABEL, lineHeight: 14,
            color: colour, align: 'left', formatter: function () {
                return wrap(name, room, LABEL, false, 2).join('\n');
            }
        },
        labelLayout: {moveOverlap: 'shiftY'}
    };
}

function labelRoom(names, width) {
    var widest = 0, most = Math.min(170, width * 0.28);
    names.forEach(function (name) {
        wrap(name, most, LABEL, false, 2).forEach(function (l) {
            widest = Math.max(widest, textWidth(l, LABEL, false));
        });
    });
    return {text: most, margin: widest + 12};
}

function marksOf(series) {
    return series.data.length <= 30;
}

export function lines(o, q, room) {
    var keep = chosen(o.series), n = o.series.length, labels = [], faded = 0, names = [];
    o.series.forEach(function (s, i) {
        if (keep[i]) {
            names.push(s.name);
        }
    });
    var solo = n === 1 && (!o.series[0].name || q.title && q.title.indexOf(o.series[0].name) >= 0);
    var side = solo ? {text: 0, margin: 14} : labelRoom(names, room.width);
    var colour = 0;
    o.series.forEach(function (s, i) {
        var c = keep[i] ? theme.LINES[colour] : theme.FADED, last = lastKnown(s);
        var dash = keep[i] ? theme.DASHES[colour] : 'solid';
        s.symbol = keep[i] ? theme.MARKS[colour] : 'circle';
        s.symbolSize = keep[i] ? 5.5 : 2.5;
        s.showSymbol = true;
        if (!marksOf(s)) {
            markAlone(s);
        }
        s.lineStyle = {color: c, width: keep[i] ? 2.2 : 1, type: dash, cap: 'butt', join: 'round'};
        s.itemStyle = {color: c};
        s.z = keep[i] ? 3 : 2;
        s.connectNulls = false;
        s.emphasis = {focus: 'series'};
        if (keep[i]) {
            colour++;
        } else {
            faded++;
        }
        if (keep[i] && last && !solo) {
            labels.push(label(s.name, last[0], last[1], c, side.text));
        }
    });
    o.grid = grid(room, side.margin);
    o.xAxis = timeAxis(o.xAxis, q, room.width - side.margin - 40);
    o.yAxis = valueAxis(q, {});
    if (faded > 0 && o.title.length > 0) {
        q.others = faded;
    }
    o.series = o.series.concat(labels);
}

// With many points only those that no line reaches get a mark.
function markAlone(s) {
    s.data = s.data.map(function (point, i) {
        var before = i > 0 && known(s.data[i - 1]), after = i + 1 < s.data.length &&
            known(s.data[i + 1]);
        return before || after ? {value: point, symbolSize: 0.01} : point;
    });
}

function grid(room, right) {
    return {
        left: room.left, top: room.top + 4, right: room.left + right,
        height: room.height - 4, containLabel: true
    };
}

export function areas(o, q, room) {
    var stack = {}, labels = [];
    var side = labelRoom(o.series.map(function (s) { return s.name; }), room.width);
    o.series.forEach(function (s, i) {
        var c = s.rest ? theme.REST : theme.FILLS[i % theme.FILLS.length], last = lastKnown(s);
        s.stack = 'all';
        s.symbol = 'none';
        s.lineStyle = {color: theme.PAPER, width: 1};
        s.itemStyle = {color: c};
        s.areaStyle = {color: c, opacity: 1};
        s.emphasis = {focus: 'series'};
        if (last) {
            var below = stack[last[0]] || 0;
            labels.push(label(s.name, last[0], below + last[1] / 2, dark(c), side.text));
        }
        s.data.forEach(function (p) {
            if (known(p)) {
                stack[p[0]] = (stack[p[0]] || 0) + p[1];
            }
        });
    });
    var top = 0;
    for (var x in stack) {
        top = Math.max(top, stack[x]);
    }
    o.grid = grid(room, side.margin);
    o.xAxis = timeAxis(o.xAxis, q, room.width - side.margin - 40);
    o.yAxis = valueAxis(q, q.percent && top > 99 && top < 100.5 ? {max: 100} : {});
    o.series = o.series.concat(labels);
}

// Light fills make unreadable letters.
function dark(hex) {
    return theme.inkOn(hex) === theme.INK ? theme.INK : hex;
}

export function othersNote(q) {
    return q.others ? ' (+' + q.others + ' ' + word(q, 'others') + ')' : '';
}
