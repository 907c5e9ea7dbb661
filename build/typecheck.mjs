// `npm run typecheck`: every layer against its own tsconfig.json, so that none sees what it may not know.
import { fileURLToPath } from 'node:url'
import { layers } from './layers.mjs'
import { run } from './setup/command.mjs'
import { inPackage, root } from './setup/paths.mjs'

/** One for each core that a small machine has: the compiler takes about half a gigabyte. */
const atOnce = 2

/**
 * Type-checks all layers and prints what is wrong.
 * @returns {Promise<{ name: string, ok: boolean }[]>}
 */
export async function typecheck() {
  const waiting = layers()
  /** @type {{ name: string, ok: boolean }[]} */
  const results = []
  const work = async () => {
    for (let layer = waiting.shift(); layer; layer = waiting.shift()) {
      const { code, output } = await run(process.execPath, checker(layer), { cwd: root })
      if (code !== 0) process.stdout.write(`${output.trimEnd()}\n`)
      process.stdout.write(`typecheck ${layer}: ${code === 0 ? 'ok' : 'failed'}\n`)
      results.push({ name: layer, ok: code === 0 })
    }
  }
  await Promise.all(Array.from({ length: atOnce }, work))
  return results
}

/**
 * The compiler of TypeScript 7, which takes a tenth of the time; ESLint and Svelte's checker still need the programming interface
 * of version 6. The page's components need Svelte's checker, which checks the page's TypeScript too.
 */
function checker(/** @type {string} */ layer) {
  if (layer !== 'src/renderer') return [inPackage('typescript-native', 'bin', 'tsc'), '-p', layer]
  const output = ['--output', 'human', '--fail-on-warnings']
  return [
    inPackage('svelte-check', 'bin', 'svelte-check'),
    '--tsconfig',
    './tsconfig.json',
    '--workspace',
    layer,
    ...output,
  ]
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  process.exitCode = (await typecheck()).every(({ ok }) => ok) ? 0 : 1
}
