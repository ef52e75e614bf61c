// SPDX-License-Identifier: Apache-2.0
// Field.tsx - words typed; they count when the reader has finished.
import {useEffect, useId, useState} from 'preact/hooks';

interface Props {label: string; value: string; placeholder: string;
    onChange: (value: string) => void}

export function Field({label, value, placeholder, onChange}: Props) {
    const id = useId();
    const [text, setText] = useState(value);
    useEffect(() => setText(value), [value]);
    const done = () => text !== value && onChange(text.trim());
    return <div class="choice"><label for={id}>{label}</label>
        <input id={id} type="text" value={text} placeholder={placeholder} spellcheck={false}
            onInput={e => setText(e.currentTarget.value)} onBlur={done}
            onKeyDown={e => e.key === 'Enter' && done()} /></div>;
}
