// SPDX-License-Identifier: Apache-2.0
// intervals.js - figures with an interval, one under the other: coefficients, event studies.
import {FONT, cut, textWidth, wrap} from './text.js';
import {valueAxis} from './frame.js';
import * as theme from './theme.js';

export function intervals(o, q, room) {
    var size = 11.5, most = room.width * 0.4, n = q.rows.length, top = 0;
    var texts = q.rows.map(function (name) { return wrap(name, most, size, false, 1)[0] || ''; });
    var left = texts.reduce(function (w, t) { return Math.max(w, textWidth(t, size)); }, 0) + 10;
    var named = o.series.filter(function (s) { return s.type === 'scatter'; });
    if (named.length > 1) {
        o.legend = {
            left: room.left - 5, top: room.top - 4, width: room.width, itemWidth: 12,
            itemHeight: 10, itemGap: 14, padding: [0, 5],
            data: named.map(function (s) { return s.name; }),
            textStyle: {fontSize: size, color: theme.INK},
            formatter: function (name) { return cut(name, 200, size); }
        };
        top = 24;
    }
    o.grid = {
        left: room.left + left, top: room.top + top, right: room.left + 14,
        height: room.height - top - 20
    };
    o.xAxis = valueAxis(q, {scale: true});
    // Names are at whole numbers; several series of one name stand around it.
    o.yAxis = {
        type: 'value', inverse: true, min: -0.5, max: n - 0.5, interval: 1,
        axisLine: {onZero: true, lineStyle: {color: theme.AXIS}}, axisTick: {show: false},
        splitLine: {show: false}, axisLabel: {show: false}
    };
    o.graphic = {elements: texts.map(function (text, i) {
        return {
            type: 'text', silent: true, style: {
                x: room.left + left - 8, y: room.top + top + (room.height - top - 20) * (i + 0.5) / n,
                text: text, fill: theme.INK, textAlign: 'right', textVerticalAlign: 'middle',
                font: size + 'px ' + FONT
            }
        };
    })};
    o.series.forEach(function (s, i) {
        var at = Math.floor(i / 2), colour = theme.LINES[at % theme.LINES.length];
        if (s.type === 'line') {
            s.showSymbol = false;
            s.lineStyle = {color: colour, width: 1.6};
            s.silent = true;
            s.z = 2;
        } else {
            s.symbol = theme.MARKS[at % 4];
            s.symbolSize = 7;
            s.itemStyle = {color: colour};
            s.z = 3;
        }
    });
}
