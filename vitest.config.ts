import { join } from 'node:path'
import { svelte } from '@sveltejs/vite-plugin-svelte'
import { defineConfig } from 'vitest/config'
import { assemblyScript } from './build/assemblyScriptPlugin.mjs'
import { selfContained } from './build/selfContainedPlugin.mjs'

const windowTests = 'src/renderer/**/*.test.ts'

export default defineConfig({
  plugins: [assemblyScript(), selfContained()],
  test: {
    // Two cores: native TensorFlow uses both, so test files take turns in few processes.
    pool: 'forks',
    maxWorkers: 2,
    testTimeout: 60_000,
    projects: [
      {
        extends: true,
        test: {
          name: 'node',
          include: ['src/**/*.test.ts', 'build/**/*.test.ts', 'checks/**/*.test.ts'],
          exclude: [windowTests],
        },
      },
      {
        extends: true,
        plugins: [svelte({ configFile: false })],
        resolve: {
          // The engine that a test of the window talks to wants Node's packages, the window the page's Svelte.
          conditions: ['module', 'node'],
          alias: [
            { find: /^svelte$/, replacement: join(import.meta.dirname, 'node_modules/svelte/src/index-client.js') },
          ],
        },
        test: {
          name: 'window',
          include: [windowTests],
          environment: join(import.meta.dirname, 'build/windowEnvironment.mjs'),
        },
      },
    ],
  },
})
