// SPDX-License-Identifier: Apache-2.0
// Dialog.tsx - the browser's own dialog: it keeps the keyboard inside and closes by Escape.
import type {ComponentChildren} from 'preact';
import {useEffect, useRef} from 'preact/hooks';
import {useTools} from '../context';

interface Props {title: string; onClose: () => void; children: ComponentChildren}

export function Dialog({title, onClose, children}: Props) {
    const {t} = useTools();
    const box = useRef<HTMLDialogElement>(null);
    useEffect(() => box.current?.showModal(), []);
    return <dialog ref={box} onClose={onClose} aria-label={title}
        onClick={e => e.target === box.current && box.current?.close()}>
        <div class="dialog-body">
            <header><h2>{title}</h2>
                <button type="button" class="quiet" onClick={() => box.current?.close()}
                    aria-label={t('close')}>✕</button></header>
            {children}
        </div>
    </dialog>;
}
