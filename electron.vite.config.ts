import { join } from 'node:path'
import { svelte } from '@sveltejs/vite-plugin-svelte'
import { defineConfig } from 'electron-vite'

/** Absolute, so that the build does not hang on the folder it is called from. */
const source = (path: string) => join(import.meta.dirname, 'src', path)

/** Three bundles: the shell (ES module), its preload (CommonJS, as the sandbox asks) and the page. */
export default defineConfig({
  main: {
    build: {
      target: 'node20',
      outDir: 'out/main',
      // The packed program holds no packages beside its bundles.
      externalizeDeps: false,
      rollupOptions: { input: source('main/index.ts') },
    },
  },
  preload: {
    build: {
      target: 'node20',
      outDir: 'out/preload',
      rollupOptions: {
        input: source('preload/index.ts'),
        output: { format: 'cjs', entryFileNames: '[name].cjs' },
      },
    },
  },
  renderer: {
    root: source('renderer'),
    base: './',
    plugins: [svelte()],
    build: {
      target: 'chrome130',
      outDir: 'out/renderer',
      // Small files stay files: the page's policy admits no data: URLs for styles or scripts.
      assetsInlineLimit: 0,
      chunkSizeWarningLimit: 1500,
      rollupOptions: { input: source('renderer/index.html'), checks: { bundlerTimings: false } },
    },
  },
})
