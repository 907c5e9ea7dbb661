// `npm run dist`: the Debian packages of this checkout, in out/packages.
import { existsSync } from 'node:fs'
import { readFile, rm } from 'node:fs/promises'
import { join, relative } from 'node:path'
import { parseArgs } from 'node:util'
import { prepare } from './packages/prepare.mjs'
import { packTensorFlow, packWorkbench } from './packages/stageDebian.mjs'
import { findElectron } from './setup/electron.mjs'
import { putFolder, sha256OfFile, unzip } from './setup/files.mjs'
import { cacheDirectory, inPackage, root } from './setup/paths.mjs'

const say = (/** @type {string} */ line) => process.stderr.write(`dist: ${line}\n`)

try {
  const { values } = parseArgs({
    options: {
      'for-tests': { type: 'boolean', default: false },
      out: { type: 'string', default: join(root, 'out', 'packages') },
    },
  })
  await dist(values['for-tests'], values.out)
} catch (error) {
  say(error instanceof Error ? error.message : String(error))
  process.exitCode = 1
}

/**
 * @param {boolean} forTests
 * @param {string} output
 */
async function dist(forTests, output) {
  const electron = await chooseElectron(forTests)
  const prepared = await prepare({ bundles: ['node', 'window'], forTests, programs: ['dpkg-deb'] }, say)
  const { identity, work } = prepared
  say(`${identity.name} ${identity.version}, with Electron ${electron.version}`)
  const parts = { ...prepared, electron, output }
  for (const pack of [packWorkbench, packTensorFlow]) {
    const path = await pack(parts)
    say(`made ${relative(process.cwd(), path)}`)
    process.stdout.write(`${path}\n`)
  }
  await rm(work, { recursive: true, force: true })
}

/**
 * The current Electron, from the set-up or from the archive that ELECTRON_ZIP names; the runtime for tests only where asked for.
 * @param {boolean} forTests
 */
async function chooseElectron(forTests) {
  const archive = process.env.ELECTRON_ZIP
  if (archive && !forTests) return unpackElectron(archive)
  const found = findElectron()
  if (!found) throw new Error('There is no Electron. Run: npm run setup -- --for window')
  if (forTests) return { ...found, forTests }
  if (!found.forTests) return found
  throw new Error(
    `There is only Electron ${found.version} here, for tests and never to be shipped. Name the current one's archive in ` +
      'ELECTRON_ZIP (electron-vVERSION-linux-x64.zip from its releases), or build with --for-tests.',
  )
}

async function unpackElectron(/** @type {string} */ archive) {
  if (!existsSync(archive)) throw new Error(`ELECTRON_ZIP names ${archive}, which does not exist.`)
  const version = String(JSON.parse(await readFile(inPackage('electron', 'package.json'), 'utf8')).version)
  const name = `electron-v${version}-linux-x64.zip`
  /** @type {Record<string, string>} */
  const sums = JSON.parse(await readFile(inPackage('electron', 'checksums.json'), 'utf8'))
  const found = await sha256OfFile(archive)
  if (found !== sums[name]) throw new Error(`${archive} has sha256 ${found}; ${name} has ${sums[name]}.`)
  const dist = join(cacheDirectory, `electron-${version}`)
  await putFolder(dist, (temporary) => unzip(archive, temporary, '', ['']))
  return { dist, version, forTests: false }
}
