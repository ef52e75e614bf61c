// SPDX-License-Identifier: Apache-2.0
// timers.js - where there are no timers there is nothing to wait for.
/* Not Function('return this')(): a page with a content policy forbids it. */
var all = typeof globalThis !== 'undefined' ? globalThis : window;
if (typeof all.setTimeout !== 'function') {
    all.setTimeout = function () { return 0; };
    all.clearTimeout = function () {};
}
