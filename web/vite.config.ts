// SPDX-License-Identifier: Apache-2.0
// Hashed names: what quipu serve embeds.
import {createRequire} from 'node:module';
import {defineConfig} from 'vite';

const require = createRequire(import.meta.url);

// Outlines of the countries, made by the same script that makes the program's own.
const outlines = {
    name: 'outlines',
    resolveId: (id: string) => id === 'virtual:outlines' ? '\0outlines' : null,
    load: (id: string) => id === '\0outlines' ? 'export default ' +
        JSON.stringify(require('../charts/map.js')('../data/countries.csv')) : null
};

export default defineConfig({
    plugins: [outlines],
    esbuild: {jsx: 'automatic', jsxImportSource: 'preact', charset: 'utf8'},
    build: {
        target: 'es2020', assetsDir: 'assets', assetsInlineLimit: 0, modulePreload: false,
        reportCompressedSize: true, chunkSizeWarningLimit: 1000
    }
});
