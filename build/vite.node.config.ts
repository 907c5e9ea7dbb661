import { existsSync } from 'node:fs'
import { defineConfig } from 'vite'
import { assemblyScript } from './assemblyScriptPlugin.mjs'

/** The engine and the command line for Node: out/node/*.js, flat, so that `../../resources` is right from every chunk. */

const entries = {
  cli: 'src/cli/index.ts',
  engineProcess: 'src/engine/engineProcess.ts',
  bench: 'bench/index.ts',
}

export default defineConfig({
  logLevel: 'warn',
  // Packages stay packages: native ones find their libraries, and TensorFlow.js stays one instance.
  ssr: { external: true },
  plugins: [assemblyScript()],
  publicDir: false,
  build: {
    ssr: true,
    target: 'node20',
    sourcemap: true,
    minify: false,
    outDir: 'out/node',
    emptyOutDir: true,
    rolldownOptions: {
      // Compiling AssemblyScript takes most of a short build; that is no news.
      checks: { pluginTimings: false },
      input: Object.fromEntries(Object.entries(entries).filter(([, file]) => existsSync(file))),
      output: { format: 'es', entryFileNames: '[name].js', chunkFileNames: '[name]-[hash].js' },
    },
  },
})
