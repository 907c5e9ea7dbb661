import { defineConfig } from 'vitest/config'
import { svelte } from '@sveltejs/vite-plugin-svelte'
import { assemblyScript } from './build/assemblyScriptPlugin.mjs'

export default defineConfig({
  plugins: [assemblyScript(), svelte()],
  test: {
    include: ['src/**/*.test.ts', 'build/**/*.test.ts'],
    // Two cores: native TensorFlow uses both, so test files take turns in few processes.
    pool: 'forks',
    maxWorkers: 2,
    testTimeout: 60_000,
  },
})
