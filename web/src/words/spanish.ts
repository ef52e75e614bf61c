// SPDX-License-Identifier: Apache-2.0
// spanish.ts - Spanish for words the server says in English: labels of columns, names of
// classes.  The same table the charts of the program use.
import table from '../../../data/spanish.csv?raw';

const words = new Map<string, string>();

// "a, b",c or a,"b": no line holds a quote inside a field.
for (const line of table.split('\n').slice(1)) {
    const [, q, p, r, s] = line.match(/^(?:"([^"]*)"|([^,]*)),(?:"([^"]*)"|(.*))$/) ?? [];
    words.set(q ?? p ?? '', r ?? s ?? '');
}

export const spanish = (english: string): string => words.get(english) ?? english;
