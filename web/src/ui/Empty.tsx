// SPDX-License-Identifier: Apache-2.0
// Empty.tsx - nothing to see, and why.
import type {ComponentChildren} from 'preact';
import {Refusal} from '../api';
import {useTools} from '../context';

export function Empty({why, children}: {why: string; children?: ComponentChildren}) {
    return <div class="empty" role="note"><p>{why}</p>{children}</div>;
}

export function Failed({error}: {error: Error}) {
    const {t} = useTools();
    const proposals = error instanceof Refusal ? error.proposals : [];
    return <div class="empty" role="alert">
        <p><strong>{t('failed')}</strong></p>
        <p>{error.message}</p>
        {proposals.length > 0 && <p>{t('perhaps')}: {proposals.join(', ')}</p>}
    </div>;
}

export function Waiting() {
    const {t} = useTools();
    return <p class="waiting" role="status">{t('loading')}</p>;
}
