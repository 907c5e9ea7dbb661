import { join } from 'node:path'
import { defineConfig } from 'vite'
import { assemblyScript } from './assemblyScriptPlugin.mjs'
import { selfContained } from './selfContainedPlugin.mjs'
import { root } from './setup/paths.mjs'

/** The engine and the command line for Node: out/node/*.js, flat, so that `../../resources` is right from every chunk. */

const entries = {
  cli: 'src/cli/index.ts',
  engineProcess: 'src/engine/engineProcess.ts',
  bench: 'bench/index.ts',
  checks: 'checks/index.ts',
  // Packages carry the sample corpus ready-made.
  sample: 'src/engine/corpus/sample/generateSample.ts',
}

/**
 * Packages that stay packages: native ones find their libraries, data is found by its package's name, and TensorFlow.js stays one
 * instance. All others are built in: Node reads a package file by file and parses each twice, which was half of what a command
 * takes to start.
 */
const kept = [
  '@duckdb/node-api',
  '@duckdb/node-bindings',
  '@resvg/resvg-js',
  '@tensorflow/tfjs',
  '@tensorflow/tfjs-backend-wasm',
  '@tensorflow/tfjs-node-gpu',
]

/** What the window's bench alone takes, in a checkout: they want Electron, and find files of their own. */
const ofCheckout = ['vite', '@playwright/test', '@electron/asar', '@electron/fuses']

export default defineConfig({
  logLevel: 'warn',
  ssr: { noExternal: true, external: [...kept, ...ofCheckout] },
  plugins: [assemblyScript(), selfContained()],
  publicDir: false,
  build: {
    ssr: true,
    target: 'node20',
    sourcemap: true,
    minify: false,
    outDir: 'out/node',
    emptyOutDir: true,
    rolldownOptions: {
      // Absolute: the command line is called from any folder.
      input: Object.fromEntries(Object.entries(entries).map(([name, file]) => [name, join(root, file)])),
      // Compiling AssemblyScript takes most of the time, and is meant to.
      checks: { pluginTimings: false },
      output: { format: 'es', entryFileNames: '[name].js', chunkFileNames: '[name]-[hash].js' },
    },
  },
})
