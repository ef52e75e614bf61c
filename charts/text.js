// SPDX-License-Identifier: Apache-2.0
// text.js - how wide text is, how it is cut into lines, how numbers are written.
import {widths} from './widths.js';

export var FONT = 'Liberation Sans, Arial, Helvetica, sans-serif';

function widthOf(code, bold) {
    for (var i = 0; i < widths.length; i++) {
        var row = widths[i], at = code - row[0];
        if (at >= 0 && 1 + 2 * at < row.length) {
            return row[1 + 2 * at + (bold ? 1 : 0)];
        }
    }
    if (code >= 0x300 && code < 0x370) {
        return 0; // combining accents
    }
    return code >= 0x1100 ? 1000 : 600;
}

export function textWidth(text, size, bold) {
    var sum = 0;
    for (var i = 0; i < text.length; i++) {
        var code = text.charCodeAt(i);
        if (code >= 0xDC00 && code < 0xE000) {
            continue; // the second half of a pair
        }
        sum += widthOf(code, bold);
    }
    return sum * size / 1000;
}

// The font as CSS has it: "normal bold 12px ...".
export function measureText(text, font) {
    var size = /([\d.]+)px/.exec(font || '');
    var bold = /\b(bold|[6-9]00)\b/.test(font || '');
    return {width: textWidth(text, size ? parseFloat(size[1]) : 12, bold)};
}

export function cut(text, room, size, bold) {
    if (textWidth(text, size, bold) <= room) {
        return text;
    }
    var low = 0, high = text.length;
    while (low < high) {
        var middle = (low + high + 1) >> 1;
        if (textWidth(text.slice(0, middle) + '\u2026', size, bold) <= room) {
            low = middle;
        } else {
            high = middle - 1;
        }
    }
    var last = text.charCodeAt(low - 1);
    if (last >= 0xD800 && last < 0xDC00) {
        low--; // never half a letter
    }
    return text.slice(0, low).replace(/[\s,;:.(]+$/, '') + '\u2026';
}

// Lines no wider than `room`, at most `most` of them; the last one is cut.
export function wrap(text, room, size, bold, most) {
    var lines = [], line = '';
    String(text).split(/\s+/).forEach(function (word) {
        var longer = line ? line + ' ' + word : word;
        if (line && textWidth(longer, size, bold) > room) {
            lines.push(line);
            line = word;
        } else {
            line = longer;
        }
    });
    lines.push(line);
    if (most && lines.length > most) {
        var rest = lines.slice(most - 1).join(' ');
        lines = lines.slice(0, most - 1);
        lines.push(rest);
    }
    return lines.map(function (l) { return cut(l, room, size, bold); });
}

export function number(value, decimals, es) {
    var text = Math.abs(value).toFixed(decimals);
    var at = text.indexOf('.');
    var whole = at < 0 ? text : text.slice(0, at);
    var rest = at < 0 ? '' : text.slice(at + 1);
    whole = whole.replace(/\B(?=(\d{3})+$)/g, es ? '.' : ',');
    var zero = !/[1-9]/.test(text);
    return (value < 0 && !zero ? '\u2212' : '') + whole + (rest ? (es ? ',' : '.') + rest : '');
}

// A number of an axis: as many decimals as it has.
export function tick(value, es) {
    var text = String(parseFloat(value.toPrecision(10)));
    var at = text.indexOf('.');
    if (/e/.test(text)) {
        return text;
    }
    return number(value, at < 0 ? 0 : text.length - at - 1, es);
}
