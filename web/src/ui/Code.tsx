// SPDX-License-Identifier: Apache-2.0
// Code.tsx - text to take away.
import {useState} from 'preact/hooks';
import {useTools} from '../context';

export async function take(text: string): Promise<void> {
    try {
        await navigator.clipboard.writeText(text);
    } catch {
        // Without a secure address the clipboard is closed; a selection still copies.
        const box = document.createElement('textarea');
        box.value = text;
        (document.querySelector('dialog[open]') ?? document.body).append(box);
        box.select();
        document.execCommand('copy');
        box.remove();
    }
}

export function Code({text, label}: {text: string; label: string}) {
    const {t} = useTools();
    const [done, setDone] = useState(false);
    return <div class="code">
        <pre tabIndex={0} aria-label={label}><code>{text}</code></pre>
        <button type="button" onClick={() => { void take(text).then(() => setDone(true)); }}>
            {done ? t('copied') : t('copyNow')}</button>
    </div>;
}
