// SPDX-License-Identifier: Apache-2.0
// theme.js - colours and strokes.  Hues are Okabe and Ito's, which colour-blind readers can
// tell apart; neighbours differ in lightness, dash and mark too, so that grey print can be read.
export var INK = '#222222', SOFT = '#5A5A5A', GRID = '#E3E3E3', AXIS = '#8A8A8A',
    FADED = '#B9BDC1', PAPER = '#FFFFFF';

export var LINES = ['#0072B2', '#D55E00', '#009E73', '#B0558F', '#B98000', '#3A9BD9', '#333333'];
export var FILLS = ['#0072B2', '#E69F00', '#009E73', '#CC79A7', '#56B4E9', '#D55E00', '#6B6B6B',
    '#A5C663', '#8C6BB1', '#C9B458'];
export var REST = '#B4B8BC';
export var DASHES = ['solid', [7, 3], [2, 2.5], [8, 3, 2, 3], [12, 3], [4, 2], 'solid'];
export var MARKS = ['circle', 'rect', 'triangle', 'diamond', 'emptyCircle', 'emptyRect',
    'emptyTriangle'];

export var SEQUENCE = ['#DCEAF5', '#A3CBE6', '#5B9FCE', '#2470AB', '#083B6E'];
export var DIVERGING = ['#A84B00', '#E8A263', '#F2F2F2', '#74AEDA', '#0B4F87'];

function channel(hex, at) {
    var c = parseInt(hex.slice(at, at + 2), 16) / 255;
    return c <= 0.03928 ? c / 12.92 : Math.pow((c + 0.055) / 1.055, 2.4);
}

// Black or white, whichever stands out more from the colour (WCAG's contrast).
export function inkOn(hex) {
    var l = 0.2126 * channel(hex, 1) + 0.7152 * channel(hex, 3) + 0.0722 * channel(hex, 5);
    return l > 0.215 ? INK : PAPER;
}
