// SPDX-License-Identifier: Apache-2.0
// frame.js - what stands around a figure: title, unit, source; and what is left for it.
import {FONT, number, textWidth, tick, wrap} from './text.js';
import {word} from './words.js';
import * as theme from './theme.js';

var SIZES = {title: 16, subtitle: 12, footer: 10.5};
var PAD = 14;

function block(o, text, size, bold, colour, top) {
    o.title.push({
        text: text, left: PAD, top: top, padding: 0,
        textStyle: {
            fontSize: size, fontWeight: bold ? 'bold' : 'normal', lineHeight: Math.round(size * 1.3),
            color: colour, fontFamily: FONT
        }
    });
}

// Adds the texts and gives the room between them: {left, top, right, bottom, width, height}.
export function frame(o, q, width, height) {
    var room = width - 2 * PAD, top = PAD, bottom = height - PAD, lines;
    o.title = [];
    if (q.title) {
        lines = wrap(q.title, room, SIZES.title, true, 3);
        block(o, lines.join('\n'), SIZES.title, true, theme.INK, top);
        top += lines.length * Math.round(SIZES.title * 1.3) + 3;
    }
    if (q.subtitle) {
        lines = wrap(q.subtitle, room, SIZES.subtitle, false, 3);
        block(o, lines.join('\n'), SIZES.subtitle, false, theme.SOFT, top);
        top += lines.length * Math.round(SIZES.subtitle * 1.3);
    }
    if (q.footer) {
        lines = wrap(q.footer, room, SIZES.footer, false, 5);
        bottom -= lines.length * Math.round(SIZES.footer * 1.3);
        block(o, lines.join('\n'), SIZES.footer, false, theme.SOFT, bottom);
        bottom -= 8;
    }
    top += q.title || q.subtitle ? 10 : 0;
    return {
        left: PAD, top: top, right: width - PAD, bottom: bottom,
        width: room, height: Math.max(bottom - top, 40)
    };
}

export function common(o) {
    o.animation = false;
    o.backgroundColor = theme.PAPER;
    o.textStyle = {fontFamily: FONT, fontSize: 12, color: theme.INK};
    o.aria = {enabled: true};
}

// "12.3%", "1,234.5": as the figure's column is shown to people.
export function figure(q, value) {
    if (value === null || value === undefined || value !== value) {
        return word(q, 'missing');
    }
    var es = q.lang === 'es';
    return number(value, q.decimals, es) + (q.percent ? (es ? '\u00a0%' : '%') : '');
}

export function tip(q, value) {
    var text = figure(q, value);
    return value === null || value === undefined || q.percent || !q.unit ? text
        : text + ' ' + q.unit;
}

export function axisNumber(q, percent) {
    var es = q.lang === 'es';
    return function (value) {
        return tick(value, es) + (percent ? (es ? '\u00a0%' : '%') : '');
    };
}

// As many lines across as the eye wants for the height.
export function lineCount(room) {
    return Math.max(3, Math.min(7, Math.round(room.height / 45)));
}

// Round ends and steps around the figures, zero among them.
export function roundScale(low, high, most) {
    low = Math.min(low, 0);
    high = Math.max(high, 0);
    if (!(high > low)) {
        high = low + 1;
    }
    // Beyond what can be told apart from nothing or from infinity no figure is worth drawing.
    if (high - low < 1e-200 || high - low > 1e200) {
        throw new Error('the figures are too small or too large to draw');
    }
    var rough = (high - low) / (most || 5), unit = Math.pow(10, Math.floor(Math.log(rough) /
        Math.LN10));
    var step = [1, 2, 2.5, 5, 10].filter(function (s) { return s * unit >= rough * 0.999; })[0] *
        unit;
    return {
        min: parseFloat((Math.floor(low / step + 1e-9) * step).toPrecision(12)),
        max: parseFloat((Math.ceil(high / step - 1e-9) * step).toPrecision(12)),
        interval: parseFloat(step.toPrecision(12))
    };
}

// How much room the numbers of an upright axis take.
export function scaleWidth(q, scale) {
    var write = axisNumber(q, q.percent), widest = 0;
    for (var i = 0; i < 20 && scale.min + (i - 0.5) * scale.interval <= scale.max; i++) {
        widest = Math.max(widest, textWidth(write(scale.min + i * scale.interval), 11));
    }
    return widest + 9;
}

export function valueAxis(q, more) {
    var axis = {
        type: 'value', splitNumber: 5,
        axisLine: {show: false}, axisTick: {show: false},
        axisLabel: {fontSize: 11, color: theme.SOFT, formatter: axisNumber(q, q.percent)},
        splitLine: {lineStyle: {color: theme.GRID, width: 1}}
    };
    for (var key in more) {
        axis[key] = more[key];
    }
    return axis;
}
