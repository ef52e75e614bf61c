// SPDX-License-Identifier: Apache-2.0
// plane.js - scatter plots and heat maps.
import {FONT, cut, textWidth, wrap} from './text.js';
import {axisNumber, figure, valueAxis} from './frame.js';
import {hatch} from './world.js';
import {word} from './words.js';
import * as theme from './theme.js';

function widest(texts, size) {
    return texts.reduce(function (w, t) { return Math.max(w, textWidth(t, size)); }, 0);
}

function named(axis, name, where) {
    axis.name = name;
    axis.nameLocation = 'middle';
    axis.nameGap = where === 'x' ? 26 : 12;
    axis.nameTextStyle = {fontSize: 11.5, color: theme.SOFT};
    return axis;
}

export function scatter(o, q, room) {
    var n = o.series.length, top = 0, most = 0;
    o.series.forEach(function (s) {
        s.data.forEach(function (d) { most = Math.max(most, d.value[2] || 0); });
    });
    if (n > 1) {
        o.legend = {
            left: room.left - 5, top: room.top - 4, width: room.width, itemWidth: 12,
            itemHeight: 10, itemGap: 14, padding: [0, 5],
            textStyle: {fontSize: 11.5, color: theme.INK},
            formatter: function (name) { return cut(name, 200, 11.5); }
        };
        top = 26;
    }
    // The name of the upright axis stands above it, where it can be read without turning.
    top += 18;
    o.grid = {
        left: room.left, top: room.top + top, right: room.left + 30,
        height: room.height - top - 18, containLabel: true
    };
    o.xAxis = named(valueAxis(q, {
        scale: true, axisLabel: {
            fontSize: 11, color: theme.SOFT, formatter: axisNumber(q, q.xPercent)
        }
    }), q.xName, 'x');
    o.yAxis = valueAxis(q, {scale: true});
    o.yAxis.name = q.yName;
    o.yAxis.nameGap = 10;
    o.yAxis.nameTextStyle = {fontSize: 11.5, color: theme.SOFT, align: 'left',
        padding: [0, 0, 0, -30]};
    o.series.forEach(function (s, i) {
        var c = theme.LINES[i % theme.LINES.length];
        s.symbol = most > 0 ? 'circle' : theme.MARKS[i % 4];
        s.itemStyle = {color: c, opacity: 0.75, borderColor: theme.PAPER, borderWidth: 1};
        s.data.forEach(function (d) {
            d.symbolSize = most > 0 ? 5 + 36 * Math.sqrt(Math.max(d.value[2] || 0, 0) / most) : 9;
        });
        s.label = {
            show: true, position: 'right', distance: 3, fontSize: 10.5, color: theme.INK,
            formatter: function (p) { return cut(p.name, 130, 10.5); }
        };
        s.labelLayout = {hideOverlap: true};
    });
}

function missingKey(o, q, room) {
    var at = room.right - 18 - textWidth(word(q, 'missing'), 11), top = room.bottom - 15;
    o.grid.show = true;
    o.grid.borderWidth = 0;
    o.grid.backgroundColor = hatch();
    o.graphic = {elements: [{
        type: 'rect', silent: true, shape: {x: at, y: top, width: 13, height: 11},
        style: {fill: hatch(), stroke: '#A9A9A9', lineWidth: 0.6}
    }, {
        type: 'text', silent: true, style: {
            x: at + 18, y: top + 5.5, text: word(q, 'missing'), fill: theme.SOFT,
            textVerticalAlign: 'middle', font: '11px ' + FONT
        }
    }]};
}

export function heatmap(o, q, room) {
    var xs = q.categories, ys = q.rows, size = 11.5, all = [];
    var series = o.series[0];
    series.data.forEach(function (d) {
        if (d[2] !== null) {
            all.push(d[2]);
        }
    });
    var low = Math.min.apply(null, all), high = Math.max.apply(null, all), signs = low < 0;
    var names = ys.map(function (name) { return cut(name, room.width * 0.36, size); });
    var left = widest(names, size) + 10, legend = 34;
    var cell = (room.width - left) / xs.length, rows = (room.height - legend - 20) / ys.length;
    var texts = xs.map(function (x) { return wrap(x, Math.max(cell - 4, 30), 11, false, 2); });
    var turned = !q.time && widest(xs, 11) > 2 * cell;
    var under = turned ? Math.min(widest(xs, 11), 90) + 8 : 34;
    o.grid = {
        left: room.left + left, top: room.top, right: room.left,
        height: room.height - legend - under
    };
    rows = (room.height - legend - under) / ys.length;
    o.xAxis = {
        type: 'category', data: xs, axisLine: {show: false}, axisTick: {show: false},
        axisLabel: {
            fontSize: 11, color: theme.SOFT, hideOverlap: true, lineHeight: 13,
            rotate: turned ? 60 : 0,
            interval: q.time ? 'auto' : 0, formatter: function (x, i) {
                return turned ? cut(x, 90, 11) : q.time ? x : texts[i].join('\n');
            }
        }
    };
    o.yAxis = {
        type: 'category', inverse: true, data: ys, axisLine: {show: false},
        axisTick: {show: false},
        axisLabel: {
            fontSize: size, color: theme.INK, interval: rows < 11 ? 'auto' : 0,
            formatter: function (name, i) { return names[i]; }
        }
    };
    var ends = signs ? Math.max(-low, high) : high;
    var fits = rows >= 14 &&
        widest(all.map(function (v) { return figure(q, v); }), 10) + 4 < cell;
    o.visualMap = {
        type: 'continuous', min: signs ? -ends : Math.min(0, low), max: ends || 1,
        orient: 'horizontal', left: room.left + left - 5, top: room.bottom - 18,
        itemWidth: 11, itemHeight: Math.max(40, Math.min(180, room.width - left - 220)), padding: 0,
        calculable: false, inRange: {color: signs ? theme.DIVERGING : theme.SEQUENCE},
        text: [figure(q, ends || 1), figure(q, signs ? -ends : Math.min(0, low))],
        textStyle: {fontSize: 11, color: theme.SOFT}, textGap: 8
    };
    series.itemStyle = {borderColor: theme.PAPER, borderWidth: 1};
    series.emphasis = {itemStyle: {borderColor: theme.INK}};
    var stops = signs ? theme.DIVERGING : theme.SEQUENCE;
    var from = o.visualMap.min, span = o.visualMap.max - from || 1;
    // What is not known is not pale blue: it is hatched.
    if (all.length < series.data.length) {
        missingKey(o, q, room);
    }
    series.data = series.data.filter(function (d) { return d[2] !== null; }).map(function (d) {
        var at = Math.round((d[2] - from) / span * (stops.length - 1));
        return {value: d, label: {color: theme.inkOn(stops[at])}};
    });
    series.label = {
        show: fits, fontSize: 10, formatter: function (p) { return figure(q, p.value[2]); }
    };
}
