// SPDX-License-Identifier: Apache-2.0
// words.js - the few words a figure adds by itself.
var WORDS = {
    missing: ['no data', 'sin datos'],
    others: ['others', 'otros'],
    borders: [
        'Borders as in Natural Earth; they express no opinion on the status of any territory.',
        'Fronteras seg\u00fan Natural Earth; no expresan opini\u00f3n sobre el estatus de ning\u00fan territorio.'
    ],
    under: ['under', 'menos de'],
    over: ['and more', 'y m\u00e1s'],
    undisclosed: ['?', '?']
};

export function word(q, name) {
    return WORDS[name][q.lang === 'es' ? 1 : 0];
}
