// SPDX-License-Identifier: Apache-2.0
// Years.tsx - a slider over the years that have figures, with a button that plays them.
import {useEffect, useId, useRef, useState} from 'preact/hooks';
import {useTools} from '../context';

interface Props {years: number[]; year: number; onYear: (year: number, replace: boolean) => void}

const PACE_MS = 1100;

export function Years({years, year, onYear}: Props) {
    const {t} = useTools();
    const [playing, setPlaying] = useState(false);
    const id = useId();
    const at = Math.max(0, years.indexOf(year));
    const now = useRef({at, years, onYear});
    now.current = {at, years, onYear};
    useEffect(() => {
        if (!playing) {
            return;
        }
        const beat = setInterval(() => {
            const n = now.current;
            if (n.at >= n.years.length - 1) {
                setPlaying(false);
            } else {
                n.onYear(n.years[n.at + 1]!, true);
            }
        }, PACE_MS);
        return () => clearInterval(beat);
    }, [playing]);
    if (years.length < 2) {
        return <p class="years"><output>{year}</output></p>;
    }
    const press = () => {
        if (!playing && at === years.length - 1) {
            onYear(years[0]!, true);
        }
        setPlaying(!playing);
    };
    return <div class="years" role="group" aria-label={t('years')}>
        <button type="button" class="play" aria-label={t(playing ? 'pause' : 'play')}
            onClick={press}>{playing ? '❚❚' : '▶'}</button>
        <small aria-hidden="true">{years[0]}</small>
        <input id={id} type="range" min={0} max={years.length - 1} step={1} value={at}
            aria-label={t('year')} aria-valuetext={String(year)}
            onInput={e => onYear(years[Number(e.currentTarget.value)]!, true)} />
        <small aria-hidden="true">{years[years.length - 1]}</small>
        <output for={id}>{year}</output>
    </div>;
}
