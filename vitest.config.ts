import { defineConfig } from 'vitest/config'
import { assemblyScript } from './build/assemblyScriptPlugin.mjs'

export default defineConfig({
  plugins: [assemblyScript()],
  test: {
    include: ['src/**/*.test.ts', 'build/**/*.test.ts'],
    // Two cores: native TensorFlow uses both, so test files take turns in few processes.
    pool: 'forks',
    maxWorkers: 2,
    testTimeout: 60_000,
  },
})
