// SPDX-License-Identifier: Apache-2.0
// bars.js - bars: upright over time, lying when they have names, each with its figure.
import {cut, textWidth, wrap} from './text.js';
import {figure, lineCount, roundScale, valueAxis} from './frame.js';
import * as theme from './theme.js';

function widest(texts, size) {
    return texts.reduce(function (w, t) { return Math.max(w, textWidth(t, size)); }, 0);
}

function values(o) {
    var all = [];
    o.series.forEach(function (s) {
        s.data.forEach(function (v) {
            if (v !== null) {
                all.push(v);
            }
        });
    });
    return all;
}

function colours(o) {
    o.series.forEach(function (s, i) {
        s.itemStyle = {color: s.rest ? theme.REST : theme.FILLS[i % theme.FILLS.length]};
        s.barGap = '8%';
        s.emphasis = {focus: 'series'};
    });
}

// One row of the names above the bars; wraps by itself in a page.
function legend(o, room) {
    if (o.series.length < 2) {
        return 0;
    }
    var size = 11.5, x = 0, rows = 1;
    var most = Math.min(260, room.width);
    o.series.forEach(function (s) {
        var w = textWidth(cut(s.name, most, size), size) + 36;
        if (x > 0 && x + w > room.width) {
            rows++;
            x = 0;
        }
        x += w;
    });
    o.legend = {
        left: room.left - 5, top: room.top - 4, width: room.width, itemWidth: 14, itemHeight: 10,
        itemGap: 14, padding: [0, 5], icon: 'rect',
        textStyle: {fontSize: size, color: theme.INK},
        formatter: function (name) { return cut(name, most, size); }
    };
    return rows * 21 + 4;
}

function lying(o, q, room, names, top) {
    var most = room.width * 0.4, size = 11.5, n = names.length;
    var each = (room.height - top) / Math.max(n, 1);
    var lineCount = each >= 30 ? 2 : 1;
    var texts = names.map(function (name) { return wrap(name, most, size, false, lineCount); });
    var left = widest([].concat.apply([], texts), size) + 8;
    var numbers = widest(values(o).map(function (v) { return figure(q, v); }), 11) + 10;
    var low = Math.min.apply(null, values(o).concat(0)), high = Math.max.apply(null,
        values(o).concat(0));
    o.grid = {
        left: room.left + left + (low < 0 ? numbers : 0), top: room.top + top,
        right: room.left + (high > 0 ? numbers : 8), height: room.height - top - 2
    };
    o.yAxis = {
        type: 'category', inverse: true, data: names,
        axisLine: {onZero: true, lineStyle: {color: theme.AXIS}}, axisTick: {show: false},
        axisLabel: {
            show: low >= 0, fontSize: size, color: theme.INK, interval: 0, margin: 7,
            lineHeight: 13, formatter: function (name, i) { return texts[i].join('\n'); }
        }
    };
    if (low < 0) {
        // Names stay at the left edge, clear of bars that go left from zero.
        o.yAxis = [o.yAxis, {
            type: 'category', inverse: true, data: names, position: 'left',
            offset: numbers, axisLine: {show: false, onZero: false}, axisTick: {show: false},
            axisLabel: {
                fontSize: size, color: theme.INK, interval: 0, margin: 7, lineHeight: 13,
                formatter: function (name, i) { return texts[i].join('\n'); }
            }
        }];
    }
    o.xAxis = valueAxis(q, {
        min: low, max: high === low ? 1 : high, axisLabel: {show: false}, splitLine: {show: false}
    });
    o.series.forEach(function (s) {
        s.barMaxWidth = 26;
        s.barCategoryGap = '28%';
        s.data = s.data.map(function (v) {
            return {
                value: v, label: {
                    show: v !== null && each / o.series.length >= 9,
                    position: v < 0 ? 'left' : 'right'
                }
            };
        });
        s.label = {
            distance: 5, fontSize: Math.max(8.5, Math.min(11, each / o.series.length - 1)),
            color: theme.INK, formatter: function (p) { return figure(q, p.value); }
        };
    });
    missingLabels(o, q, names, each);
}

// A bar that is not there says why.
function missingLabels(o, q, names, each) {
    if (o.series.length > 1 || each < 10) {
        return;
    }
    o.series[0].data.forEach(function (d) {
        if (d.value === null) {
            d.value = 0;
            d.missing = true;
            d.label = {
                show: true, position: 'right', color: theme.SOFT,
                formatter: function () { return figure(q, null); }
            };
        }
    });
}

function upright(o, q, room, names, top) {
    var each = (room.width - 50) / Math.max(names.length, 1);
    var all = values(o);
    var fits = o.series.length === 1 &&
        widest(all.map(function (v) { return figure(q, v); }), 10.5) + 4 < each;
    o.grid = {
        left: room.left, top: room.top + top + (fits ? 12 : 4), right: room.left,
        height: room.height - top - (fits ? 12 : 4), containLabel: true
    };
    o.xAxis = {
        type: 'category', data: names,
        axisLine: {onZero: true, lineStyle: {color: theme.AXIS}}, axisTick: {show: false},
        axisLabel: {show: true, fontSize: 11, color: theme.SOFT, hideOverlap: true}
    };
    if (Math.min.apply(null, all.concat(0)) < 0) {
        o.xAxis.axisLabel.show = false;
        o.xAxis = [o.xAxis, {
            type: 'category', data: names, position: 'bottom', axisLine: {show: false, onZero: false},
            axisTick: {show: false},
            axisLabel: {fontSize: 11, color: theme.SOFT, hideOverlap: true}
        }];
    }
    o.yAxis = valueAxis(q, roundScale(Math.min.apply(null, all.concat(0)),
        Math.max.apply(null, all.concat(0)), lineCount(room)));
    var wide = 0.75 * each / o.series.length;
    o.series.forEach(function (s) {
        s.barMaxWidth = 46;
        s.barCategoryGap = '25%';
        s.data = s.data.map(function (v) {
            // No bar could be zero as well: what is missing says so, upright where it is narrow.
            return v === null ? {
                value: 0, missing: true, label: {
                    show: wide >= 9, rotate: 90, position: 'insideBottom', align: 'left',
                    verticalAlign: 'middle', distance: 4, fontSize: 9.5, color: theme.SOFT,
                    formatter: function () { return figure(q, null); }
                }
            } : {
                value: v, label: {
                    show: fits, position: v < 0 ? 'bottom' : 'top', distance: 3, fontSize: 10.5,
                    color: theme.INK, formatter: function () { return figure(q, v); }
                }
            };
        });
    });
}

export function bars(o, q, room) {
    var names = q.categories;
    colours(o);
    var top = legend(o, room);
    if (q.time) {
        upright(o, q, room, names, top);
    } else {
        lying(o, q, room, names, top);
    }
}
