// SPDX-License-Identifier: Apache-2.0
// Choice.tsx - one of a few (buttons), or one of many (a list with a name).
import {useId} from 'preact/hooks';

export interface Item {value: string; label: string}
interface Props {label: string; items: Item[]; value: string; onChange: (value: string) => void}

export function Toggle({label, items, value, onChange}: Props) {
    return <div class="toggle" role="group" aria-label={label}>
        {items.map(i => <button key={i.value} type="button" aria-pressed={i.value === value}
            onClick={() => onChange(i.value)}>{i.label}</button>)}
    </div>;
}

export function Choice({label, items, value, onChange}: Props) {
    const id = useId();
    return <div class="choice"><label for={id}>{label}</label>
        <select id={id} value={value} onChange={e => onChange(e.currentTarget.value)}>
            {items.map(i => <option key={i.value} value={i.value} selected={i.value === value}>
                {i.label}</option>)}
        </select></div>;
}
