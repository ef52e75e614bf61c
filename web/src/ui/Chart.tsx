// SPDX-License-Identifier: Apache-2.0
// Chart.tsx - an option drawn live.  What it shows stands in a table beside it, so for readers
// of screens it is one picture with a name.
import {useEffect, useRef, useState} from 'preact/hooks';
import {drawing, type Drawn, type Pick, type Show} from './charts';

export interface Option {
    quipu: Record<string, unknown> & {kind: string; height?: number};
    series: {data: unknown[]; [key: string]: unknown}[];
    [key: string]: unknown;
}

interface Props {
    option: Option;
    name: string;
    height?: number;
    onPick?: (p: Pick) => void;
    onFail?: () => void;
}

// The page has its own heading and source around the picture.
function bare(option: Option, height: number | undefined, width: number): Option {
    const {title: _title, footer: _footer, ...quipu} = option.quipu;
    const kind = quipu.kind as string;
    const fit = kind === 'map' ? Math.round(Math.max(200, Math.min(width * 0.52, 520)))
        : height ?? (quipu.height as number | undefined);
    return {...option, quipu: {...quipu, height: fit} as Option['quipu']};
}

export function Chart({option, name, height, onPick, onFail}: Props) {
    const box = useRef<HTMLDivElement>(null);
    const [show, setShow] = useState<Show | null>(null);
    const kind = option.quipu.kind;
    useEffect(() => {
        let here = true;
        drawing(kind).then(s => here && setShow(() => s), () => here && onFail?.());
        return () => { here = false; };
    }, [kind]);
    useEffect(() => {
        const outer = box.current;
        if (!show || !outer) {
            return;
        }
        const sheet = document.createElement('div');
        const before = [...outer.children];
        outer.append(sheet);
        let chart: Drawn | null = null;
        try {
            chart = show(sheet, bare(option, height, outer.clientWidth));
            if (onPick) {
                chart.on('click', onPick);
            }
        } catch {
            onFail?.();
        }
        // What is wider than a telephone scrolls here, where the keyboard can reach it.
        sheet.style.overflow = 'visible';
        outer.tabIndex = outer.scrollWidth > outer.clientWidth + 1 ? 0 : -1;
        sheet.removeAttribute('aria-label');
        sheet.removeAttribute('role');
        before.forEach(b => b.remove());
        return () => chart?.dispose();
    }, [show, option, height]);
    const least = kind === 'map' ? 190 : height ?? 200;
    return <div class={`chart ${kind}${onPick ? ' can-pick' : ''}`} role="img"
        aria-label={name} ref={box} style={{minHeight: `${least}px`}} />;
}
