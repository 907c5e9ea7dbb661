// `node build/stageOtherSystem.mjs`, on Windows or macOS: lays out what build/packages/electron-builder.yml packs. Untested there.
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { compile } from './compile.mjs'
import { billOfMaterials } from './packages/bill.mjs'
import { identityOf, readCheckout } from './packages/identity.mjs'
import { licenceDocument, npmLicences } from './packages/licences.mjs'
import { copyTraced, writeInstallation } from './packages/stageEngine.mjs'
import { layOutApp } from './packages/stageWindow.mjs'
import { traceEngine } from './packages/traceEngine.mjs'
import { inPackage, root } from './setup/paths.mjs'

const say = (/** @type {string} */ line) => process.stderr.write(`dist: ${line}\n`)
const target = join(root, 'out', 'other-system')

await compile(['node', 'window'], say)
const { version, epochS } = identityOf(readCheckout(), false)
await rm(target, { recursive: true, force: true })
await mkdir(target, { recursive: true })
// Both systems want a plain version; the commit is what the engine tells.
const plain = version.split('+')[0] ?? version
await layOutApp(join(target, 'app'), { version: plain, productName: 'Isogloss' })
const engine = join(target, 'engine')
// Without native TensorFlow, for which the set-up has no recipe on these systems: WebAssembly trains, slowly.
await copyTraced((await traceEngine()).engine, engine)
const electron = String(JSON.parse(await readFile(inPackage('electron', 'package.json'), 'utf8')).version)
await writeInstallation(engine, { version, electron, kind: 'package' })
await writeFile(join(target, 'LICENSES.txt'), licenceDocument(npmLicences()))
const parts = [{ name: 'electron', version: electron, licence: 'MIT' }]
await writeFile(join(target, 'sbom.cdx.json'), await billOfMaterials({ version, epochS, parts }))
say(`laid out in ${target}`)
