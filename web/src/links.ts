// SPDX-License-Identifier: Apache-2.0
// links.ts - where the things named in a table are shown.
import type {Row} from './api';

export function linkOf(row: Row, column: string): string | null {
    const code = row[column];
    if (typeof code !== 'string' || code === 'total' || code === 'rest' || code === 'unclassified') {
        return null;
    }
    if (/^(partner|reporter|country)$/.test(column) && /^[A-Z]{3}$/.test(code)) {
        return `/profile/country/${code.toLowerCase()}`;
    }
    if (column === 'product' || column === 'class' && /^\d{2,6}$/.test(code)) {
        return `/profile/product/${code}`;
    }
    return null;
}
