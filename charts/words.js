// SPDX-License-Identifier: Apache-2.0
// words.js - the few words a figure adds by itself.
var WORDS = {
    missing: ['no data', 'sin datos'],
    others: ['grey: %n others', 'en gris: otros %n'],
    under: ['under', 'menos de'],
    over: ['and more', 'y m\u00e1s']
};

export function word(q, name) {
    return WORDS[name][q.lang === 'es' ? 1 : 0];
}
