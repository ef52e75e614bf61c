// SPDX-License-Identifier: Apache-2.0
// timers.js - where there are no timers there is nothing to wait for.
var all = Function('return this')();
if (typeof all.setTimeout !== 'function') {
    all.setTimeout = function () { return 0; };
    all.clearTimeout = function () {};
}
