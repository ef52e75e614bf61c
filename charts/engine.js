// SPDX-License-Identifier: Apache-2.0
// engine.js - what the script engine of the library lacks, or does as it likes.
/* global Duktape */
import SVGPathRebuilder from 'zrender/lib/svg/SVGPathRebuilder.js';

// Not Function('return this')(): a page with a content policy forbids it.
var all = typeof globalThis !== 'undefined' ? globalThis : window;

// Where there are no timers there is nothing to wait for.
if (typeof all.setTimeout !== 'function') {
    all.setTimeout = function () { return 0; };
    all.clearTimeout = function () {};
}

// Duktape sorts around a pivot drawn by lot: what compares equal comes out in another order
// each time, and labels with it.  Merging keeps it as it was, as browsers do.
function merge(from, to, low, middle, high, less) {
    for (var i = low, j = middle, k = low; k < high; k++) {
        to[k] = i < middle && (j >= high || !(less(from[j], from[i]) < 0)) ? from[i++] : from[j++];
    }
}

function byText(a, b) {
    a = String(a);
    b = String(b);
    return a < b ? -1 : a > b ? 1 : 0;
}

function sort(compare) {
    var less = compare || byText, n = this.length, gone = 0, from = [], to, i;
    for (i = 0; i < n; i++) {
        if (this[i] === undefined) {
            gone++; // goes to the end, unseen by the comparison
        } else {
            from.push(this[i]);
        }
    }
    to = from.slice();
    for (var width = 1; width < from.length; width *= 2) {
        for (var low = 0; low < from.length; low += 2 * width) {
            merge(from, to, low, Math.min(low + width, from.length),
                Math.min(low + 2 * width, from.length), less);
        }
        var other = from;
        from = to;
        to = other;
    }
    for (i = 0; i < n; i++) {
        this[i] = i < n - gone ? from[i] : undefined;
    }
    return this;
}

// Hundredths of a pixel, written from whole numbers: turning fractions into text is what takes
// longest in a map.
function coordinate(value) {
    var n = Math.round(value * 100), sign = n < 0 ? '-' : '';
    n = Math.abs(n);
    if (n > 2e9) {
        return sign + n / 100;
    }
    var whole = n / 100 | 0, rest = n - whole * 100;
    return rest === 0 ? sign + whole
        : sign + whole + (rest < 10 ? '.0' : '.') + (rest % 10 === 0 ? rest / 10 : rest);
}

// Takes the place of ZRender's own: the same text, with two decimals.
function add(command) {
    var text = command, n = arguments.length;
    for (var i = 1; i < n; i++) {
        var value = arguments[i];
        if (value !== value) {
            this._invalid = true;
            return;
        }
        text += i > 1 ? ' ' + coordinate(value) : coordinate(value);
    }
    this._d.push(text);
    this._start = command === 'Z';
}

if (typeof Duktape === 'object') {
    SVGPathRebuilder.prototype._add = add;
    Object.defineProperty(Array.prototype, 'sort', {
        value: sort, writable: true, configurable: true, enumerable: false
    });
    // No lots at all: the same figure, the same bytes.
    Math.random = function () { return 0.5; };
}
