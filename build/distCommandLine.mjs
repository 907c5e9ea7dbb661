// `npm run dist:cli`: the command line without a window, as an archive that runs wherever it is unpacked, in out/packages.
import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { prepare } from './packages/prepare.mjs'
import { packFolder } from './packages/stageFolder.mjs'
import { root } from './setup/paths.mjs'

const say = (/** @type {string} */ line) => process.stderr.write(`dist: ${line}\n`)

try {
  const { values } = parseArgs({ options: { out: { type: 'string', default: join(root, 'out', 'packages') } } })
  const prepared = await prepare({ bundles: ['node'], forTests: false, programs: ['tar'] }, say)
  process.stdout.write(`${await packFolder({ ...prepared, output: values.out })}\n`)
  await rm(prepared.work, { recursive: true, force: true })
} catch (error) {
  say(error instanceof Error ? error.message : String(error))
  process.exitCode = 1
}
