import { join } from 'node:path'
import { mustRun } from '../setup/command.mjs'
import { root } from '../setup/paths.mjs'
import { nameOf, readHelp } from './readHelp.mjs'

/** Every command of the built command line, as it describes itself. */
export async function readCommands() {
  const ask = async (/** @type {string[]} */ ...args) =>
    readHelp(
      await mustRun(
        'Asking the command line for its help',
        process.execPath,
        [join(root, 'out/node/cli.js'), ...args],
        {
          env: { COLUMNS: '80' },
        },
      ),
    )
  const main = await ask('--help')
  const commands = []
  for (const entry of main.commands) {
    const name = nameOf(entry)
    if (name !== 'help') commands.push({ name, help: await ask(name, '--help') })
  }
  return { main, commands }
}
