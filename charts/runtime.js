// SPDX-License-Identifier: Apache-2.0
// runtime.js - from an option, which is data only, to a picture: the same in a page and in
// the script engine of the library.
//
// An option made by quipu carries, beside what ECharts knows, an object `quipu` that says
// which kind it is and what it is about.  Colours, margins and the functions that write
// numbers are filled in here, for the size at hand.
import {measureText} from './text.js';
import {common, frame, tip} from './frame.js';
import {areas, countOthers, lines} from './lines.js';
import {bars} from './bars.js';
import {heatmap, scatter} from './plane.js';
import {sankey, treemap} from './shapes.js';
import {map as worldMap, nameOf, ready, register} from './world.js';
import {network, ownership} from './nets.js';
import {intervals} from './intervals.js';

var KINDS = {
    line: lines, area: areas, bar: bars, 'grouped-bar': bars, treemap: treemap, sankey: sankey,
    scatter: scatter, heatmap: heatmap, map: worldMap, network: network, ownership: ownership,
    interval: intervals
};
var echarts;

export function begin(library) {
    echarts = library;
}

export function map(features) {
    register(echarts, features);
}

function escaped(text) {
    return String(text).replace(/[&<>"']/g, function (c) { return '&#' + c.charCodeAt(0) + ';'; });
}

function line(marker, name, value) {
    return '<div style="display:flex;gap:12px;justify-content:space-between"><span>' + marker +
        escaped(name) + '</span><b>' + escaped(value) + '</b></div>';
}

function axisTip(q) {
    return function (items) {
        if (items.length === 0) {
            return '';
        }
        // Years on an axis of numbers would get decimals and commas.
        var first = items[0], years = q.kind === 'line' || q.kind === 'area';
        var head = years && typeof first.axisValue === 'number' ? first.axisValue
            : first.axisValueLabel;
        return '<b>' + escaped(head) + '</b>' + items.map(function (p) {
            var value = p.data && p.data.missing ? null
                : p.value instanceof Array ? p.value[1] : p.value;
            var name = p.seriesName && p.seriesName.charCodeAt(6) !== 0 ? p.seriesName : q.subtitle;
            return line(p.marker, name, tip(q, value));
        }).join('');
    };
}

function itemTip(q) {
    return function (p) {
        var name = function (n) { return q.names && q.names[n] || nameOf(q, n); };
        var value = p.value, title = name(p.name);
        if (p.dataType === 'edge') {
            title = name(p.data.source) + ' \u2192 ' + name(p.data.target);
            value = p.data.value;
        } else if (value instanceof Array) {
            if (q.kind === 'heatmap') {
                title = q.rows[value[1]] + ', ' + q.categories[value[0]];
                value = value[2];
            } else if (q.kind === 'interval') {
                value = value[0];
            } else {
                return '<b>' + escaped(title) + '</b>' + line('', q.yName, tip(q, value[1])) +
                    line('', q.xName, String(parseFloat(value[0].toPrecision(6))));
            }
        }
        return line('', title, tip(q, value !== value ? null : value));
    };
}

// What ECharts is to be given for a sheet of this size.
function prepared(text, width, height) {
    var o = JSON.parse(text), q = o.quipu;
    delete o.quipu;
    common(o);
    if (!q) {
        return o;
    }
    var kind = KINDS.hasOwnProperty(q.kind) ? KINDS[q.kind] : null;
    if (kind === null) {
        throw new Error('there is no kind of figure ' + q.kind);
    }
    if (q.kind === 'map' && !ready()) {
        throw new Error('the outlines of the countries are not loaded');
    }
    if (q.kind === 'line') {
        countOthers(o, q);
    }
    kind(o, q, frame(o, q, width, height));
    o.aria.label = {description: q.desc || q.title || ''};
    var axis = q.kind === 'line' || q.kind === 'area' || q.kind === 'bar' ||
        q.kind === 'grouped-bar';
    o.tooltip = {
        trigger: axis ? 'axis' : 'item', confine: true, textStyle: {fontSize: 12},
        axisPointer: {type: q.kind === 'line' || q.kind === 'area' ? 'line' : 'shadow'},
        formatter: axis ? axisTip(q) : itemTip(q)
    };
    return o;
}

function sizeOf(text) {
    var q = JSON.parse(text).quipu || {};
    return {width: q.width || 760, height: q.height || 440, kind: q.kind};
}

// Nobody points at paper: what a live chart keeps ready for that is left out.
function forPaper(o) {
    delete o.tooltip;
    (o.series instanceof Array ? o.series : []).forEach(function (s) {
        s.emphasis = {disabled: true};
        s.silent = true;
        (s.data instanceof Array ? s.data : []).forEach(function (d) {
            if (d && d.emphasis) {
                delete d.emphasis;
            }
        });
    });
    return o;
}

// In the script engine: the option as text, the picture as text.
export function svg(text) {
    var size = sizeOf(text);
    echarts.setPlatformAPI({measureText: measureText});
    var chart = echarts.init(null, null, {
        renderer: 'svg', ssr: true, width: size.width, height: size.height
    });
    // Otherwise names in the picture would count the pictures drawn before.
    chart.getZr().painter._id = 'q';
    try {
        chart.setOption(forPaper(prepared(text, size.width, size.height)));
        return chart.renderToSVGString();
    } finally {
        chart.dispose();
    }
}

// Boxes with names cannot be made as narrow as a telephone: the page scrolls them sideways.
var LEAST = {ownership: 620, sankey: 420};

// In a page: draws into the element, again when its width changes.
export function show(element, option) {
    var text = typeof option === 'string' ? option : JSON.stringify(option);
    var size = sizeOf(text), least = LEAST[size.kind] || 0, width = element.clientWidth;
    if (!element.style.height) {
        // A bar to scroll with takes its part of the height.
        element.style.height = size.height + (width < least ? 16 : 0) + 'px';
    }
    if (least) {
        element.style.overflowX = 'auto';
        element.style.overflowY = 'hidden';
    }
    var chart = echarts.init(element, null, {
        renderer: 'svg', width: Math.max(width, least) || size.width,
        height: width < least ? size.height : undefined
    });
    function draw() {
        chart.resize({width: Math.max(element.clientWidth, least) || size.width});
        chart.setOption(prepared(text, chart.getWidth(), chart.getHeight()), true);
    }
    draw();
    if (typeof ResizeObserver === 'function') {
        new ResizeObserver(function () {
            if (element.clientWidth && element.clientWidth !== width) {
                width = element.clientWidth;
                draw();
            }
        }).observe(element);
    }
    return chart;
}
