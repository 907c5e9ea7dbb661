// `npm run dist:repository -- --key KEY [--url URL]`: a signed folder that apt installs from, out of what `npm run dist` made.
import { existsSync, readdirSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { parseArgs } from 'node:util'
import { writeRepository } from './packages/repository.mjs'
import { findProgram } from './setup/command.mjs'
import { root } from './setup/paths.mjs'

try {
  const { values } = parseArgs({
    options: {
      key: { type: 'string' },
      url: { type: 'string' },
      packages: { type: 'string', default: join(root, 'out', 'packages') },
      out: { type: 'string', default: join(root, 'out', 'repository') },
    },
  })
  const { key, out } = values
  if (!key) throw new Error('--key is missing: which key of "gpg --list-secret-keys" signs.')
  for (const program of ['apt-ftparchive', 'gpg', 'ar'])
    if (!findProgram(program)) throw new Error(`There is no ${program}. Run: apt-get install apt-utils gnupg binutils`)
  const packages = existsSync(values.packages)
    ? readdirSync(values.packages).filter((name) => name.endsWith('.deb'))
    : []
  if (packages.length === 0) throw new Error(`There are no packages in ${values.packages}. Run: npm run dist`)
  const folder = resolve(out)
  const url = values.url ?? pathToFileURL(folder).href
  await writeRepository({ packages: packages.map((name) => join(values.packages, name)), folder, key, url })
  process.stdout.write(`${folder}\n`)
  process.stderr.write(`repository: ${packages.length} packages signed; machines find them at ${url}\n`)
} catch (error) {
  process.stderr.write(`repository: ${error instanceof Error ? error.message : String(error)}\n`)
  process.exitCode = 1
}
