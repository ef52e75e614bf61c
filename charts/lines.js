// SPDX-License-Identifier: Apache-2.0
// lines.js - lines and stacked areas, each named at its end rather than in a legend.
import {FONT, textWidth, wrap} from './text.js';
import {lineCount, roundScale, scaleWidth, valueAxis} from './frame.js';
import {word} from './words.js';
import * as theme from './theme.js';

var LABEL = 11.5, MOST = 7;

// The years that get a label: round ones, and the ends where there is room.
function yearTicks(first, last, width) {
    var most = Math.max(2, Math.floor(width / 44)), rough = (last - first) / most;
    var unit = Math.pow(10, Math.max(0, Math.ceil(Math.log(Math.max(rough, 1)) / Math.LN10) - 1));
    var step = [1, 2, 5, 10].map(function (s) { return s * unit; })
        .filter(function (s) { return s >= rough; })[0] || Math.ceil(rough);
    var gap = 40 * (last - first) / width, ticks = [];
    for (var year = Math.ceil(first / step) * step; year <= last && ticks.length <= most;
        year += step) {
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

// Where names stand beside the ends of what they name: as near as they can without touching,
// the largest first when there is not room for all.  Each: {text, colour, at, size, swatch}.
function placed(labels, top, bottom, lineHeight) {
    labels.sort(function (a, b) { return b.size - a.size; });
    var room = bottom - top, used = 0;
    labels = labels.filter(function (l) {
        l.height = l.lines.length * lineHeight;
        used += l.height;
        return used <= room + 1;
    });
    labels.sort(function (a, b) { return a.at - b.at; });
    labels.forEach(function (l) { l.y = l.at; });
    // Blocks of names that touch move together, their middle where it would like to be.
    var blocks = labels.map(function (l) { return {items: [l], y: l.at, height: l.height}; });
    for (var i = 0; i < blocks.length; i++) {
        settle(blocks[i], top, bottom);
        while (i > 0 && blocks[i - 1].y + blocks[i - 1].height / 2 > blocks[i].y -
            blocks[i].height / 2 + 0.01) {
            var merged = {
                items: blocks[i - 1].items.concat(blocks[i].items),
                height: blocks[i - 1].height + blocks[i].height, y: 0
            };
            blocks.splice(i - 1, 2, merged);
            i--;
            settle(merged, top, bottom);
        }
    }
    blocks.forEach(function (b) {
        var y = b.y - b.height / 2;
        b.items.forEach(function (l) {
            l.y = y + l.height / 2;
            y += l.height;
        });
    });
    return labels;
}

function settle(block, top, bottom) {
    if (block.items.length > 1) {
        var want = 0, before = 0;
        block.items.forEach(function (l) {
            want += l.at - before - l.height / 2;
            before += l.height;
        });
        block.y = want / block.items.length + block.height / 2;
    }
    block.y = Math.max(top + block.height / 2, Math.min(bottom - block.height / 2, block.y));
}

function names(o, labels, plot, lineHeight) {
    o.graphic = o.graphic || {elements: []};
    placed(labels, plot.top - 8, plot.bottom + 8, lineHeight).forEach(function (l) {
        var x = plot.right + 9, moved = Math.abs(l.y - l.at) > 5;
        if (moved || l.x < plot.right - 1) {
            o.graphic.elements.push({
                type: 'line', silent: true,
                shape: {x1: Math.min(l.x + 5, plot.right), y1: l.at, x2: x + 3, y2: l.y},
                style: {stroke: l.colour, lineWidth: 0.7, opacity: 0.7, lineDash: [2, 2]}
            });
        }
        if (l.swatch) {
            o.graphic.elements.push({
                type: 'rect', silent: true,
                shape: {x: x + 5, y: l.y - l.height / 2 + 3, width: 8, height: 8},
                style: {fill: l.swatch}
            });
        }
        o.graphic.elements.push({
            type: 'text', silent: true, style: {
                x: x + (l.swatch ? 17 : 5), y: l.y, text: l.lines.join('\n'), fill: l.colour,
                font: LABEL + 'px ' + FONT, lineHeight: lineHeight, textVerticalAlign: 'middle'
            }
        });
    });
}

// The names cut into lines, and the margin they need.
function labelRoom(series, width) {
    var widest = 0, most = Math.min(180, width * 0.28), cut = series.map(function (s) {
        return wrap(s.name, most, LABEL, false, 2);
    });
    cut.forEach(function (lines) {
        lines.forEach(function (l) { widest = Math.max(widest, textWidth(l, LABEL, false)); });
    });
    return {lines: cut, margin: widest};
}

function marksOf(series) {
    return series.data.length <= 30;
}

function extent(series) {
    var low = 0, high = 0;
    series.forEach(function (s) {
        s.data.forEach(function (p) {
            if (known(p)) {
                low = Math.min(low, p[1]);
                high = Math.max(high, p[1]);
            }
        });
    });
    return [low, high];
}

// The plot between the numbers at its left and the names at its right.
function plotOf(o, q, room, scale, margin) {
    var left = room.left + scaleWidth(q, scale), bottom = room.bottom - 20;
    var plot = {left: left, top: room.top + 6, right: room.right - margin, bottom: bottom};
    o.grid = {
        left: left, top: plot.top, width: plot.right - left, height: bottom - plot.top,
        containLabel: false
    };
    o.xAxis = timeAxis(o.xAxis, q, plot.right - left);
    o.yAxis = valueAxis(q, scale);
    plot.y = function (v) {
        return bottom - (v - scale.min) / (scale.max - scale.min) * (bottom - plot.top);
    };
    plot.x = function (v) {
        var axis = o.xAxis, n = axis.data ? axis.data.length - 1 : 0;
        var part = axis.data ? (n ? v / n : 0.5) : (v - axis.min) / (axis.max - axis.min);
        return left + part * (plot.right - left);
    };
    return plot;
}

// How many are grey has to be known before the title is written.
export function countOthers(o, q) {
    var n = o.series.length;
    if (n > MOST) {
        var note = word(q, 'others').replace('%n', String(n - MOST + 1));
        q.subtitle = q.subtitle ? q.subtitle + ' (' + note + ')' : note;
    }
}

export function lines(o, q, room) {
    var keep = chosen(o.series), n = o.series.length, labels = [];
    var kept = o.series.filter(function (s, i) { return keep[i]; });
    var solo = n === 1 && (!o.series[0].name || q.title && q.title.indexOf(o.series[0].name) >= 0);
    var side = labelRoom(kept, room.width), range = extent(o.series), colour = 0;
    var plot = plotOf(o, q, room, roundScale(range[0], range[1], lineCount(room)), solo ? 14 : side.margin + 16);
    o.series.forEach(function (s, i) {
        var c = keep[i] ? theme.LINES[colour] : theme.FADED, last = lastKnown(s);
        if (keep[i] && last && !solo) {
            labels.push({
                lines: side.lines[colour], colour: c, at: plot.y(last[1]), x: plot.x(last[0]),
                size: Math.abs(last[1])
            });
        }
        s.symbol = keep[i] ? theme.MARKS[colour] : 'circle';
        s.symbolSize = keep[i] ? 5.5 : 2.5;
        s.showSymbol = true;
        s.lineStyle = {
            color: c, width: keep[i] ? 2.2 : 1, type: keep[i] ? theme.DASHES[colour] : 'solid',
            cap: 'butt', join: 'round'
        };
        s.itemStyle = {color: c};
        s.z = keep[i] ? 3 : 2;
        s.connectNulls = false;
        s.emphasis = {focus: 'series'};
        colour += keep[i] ? 1 : 0;
        if (!marksOf(s) || !keep[i]) {
            markAlone(s);
        }
    });
    names(o, labels, plot, 14);
}

// With many points only those that no line reaches get a mark.
function markAlone(s) {
    s.data = s.data.map(function (point, i) {
        var before = i > 0 && known(s.data[i - 1]), after = i + 1 < s.data.length &&
            known(s.data[i + 1]);
        return before || after ? {value: point, symbolSize: 0.01} : point;
    });
}

// The whole at each place, of what is stacked.
function heights(series) {
    var sums = {}, top = 0;
    series.forEach(function (s) {
        s.data.forEach(function (p) { sums[p[0]] = (sums[p[0]] || 0) + (known(p) ? p[1] : 0); });
    });
    for (var x in sums) {
        top = Math.max(top, sums[x]);
    }
    return top;
}

export function areas(o, q, room) {
    var below = {}, labels = [], side = labelRoom(o.series, room.width), top = heights(o.series);
    var scale = q.percent && top > 99 && top < 100.5 ? {min: 0, max: 100, interval: 20}
        : roundScale(0, top, lineCount(room));
    var plot = plotOf(o, q, room, scale, side.margin + 28);
    o.series.forEach(function (s, i) {
        var c = s.rest ? theme.REST : theme.FILLS[i % theme.FILLS.length], last = lastKnown(s);
        s.stack = 'all';
        s.symbol = 'none';
        s.lineStyle = {color: theme.PAPER, width: 1};
        s.itemStyle = {color: c};
        s.areaStyle = {color: c, opacity: 1};
        s.emphasis = {focus: 'series'};
        if (last) {
            labels.push({
                lines: side.lines[i], colour: theme.INK, swatch: c, size: last[1],
                at: plot.y((below[last[0]] || 0) + last[1] / 2), x: plot.x(last[0])
            });
        }
        s.data.forEach(function (p) {
            below[p[0]] = (below[p[0]] || 0) + (known(p) ? p[1] : 0);
        });
    });
    names(o, labels, plot, 14);
}
