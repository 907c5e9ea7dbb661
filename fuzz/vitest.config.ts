import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vitest/config'
import { assemblyScript } from '../build/assemblyScriptPlugin.mjs'

/** Long runs over random input, which `npm test` has a short one of. */
export default defineConfig({
  root: fileURLToPath(new URL('..', import.meta.url)),
  plugins: [assemblyScript()],
  test: { include: ['fuzz/**/*.fuzz.ts'], pool: 'forks', maxWorkers: 2 },
})
