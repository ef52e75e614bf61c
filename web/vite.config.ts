// SPDX-License-Identifier: Apache-2.0
// One script, one style sheet, hashed names: what quipu serve embeds.
import {defineConfig} from 'vite';

export default defineConfig({
    esbuild: {jsx: 'automatic', jsxImportSource: 'preact'},
    build: {
        target: 'es2020', assetsDir: 'assets', assetsInlineLimit: 0, modulePreload: false,
        reportCompressedSize: true
    }
});
