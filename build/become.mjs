import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { compile } from './compile.mjs'
import { setUp } from './setup.mjs'
import { root } from './setup/paths.mjs'

/**
 * From a checkout: sets up and builds what is missing, in silence, then becomes out/node/NAME.js, in this same process:
 * one process id, one receiver of signals, one exit code.
 * @param {string} name
 */
export async function become(name) {
  try {
    await setUp('cli', true)
    await compile(['node'])
  } catch (error) {
    process.stderr.write(`set-up: ${error instanceof Error ? error.message : String(error)}\n`)
    process.exit(1)
  }
  process.env.TF_CPP_MIN_LOG_LEVEL ??= '2'
  const program = join(root, 'out', 'node', `${name}.js`)
  process.argv[1] = program
  await import(pathToFileURL(program).href)
}
