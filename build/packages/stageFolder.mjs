import { copyFile, mkdir, rm, writeFile } from 'node:fs/promises'
import { readFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { mustRun } from '../setup/command.mjs'
import { root } from '../setup/paths.mjs'
import { billOfMaterials } from './bill.mjs'
import { readCommands } from './commands.mjs'
import { bashCompletion, zshCompletion } from './completions.mjs'
import { checkAge } from './glibc.mjs'
import { licenceDocument, npmLicences } from './licences.mjs'
import { manPage } from './manPage.mjs'
import { oldestGlibc } from './portableBinding.mjs'
import { placeSample } from './sample.mjs'
import { copyStripped, copyTensorFlow, copyTraced, launcher, nodeLicence, writeInstallation } from './stageEngine.mjs'

/**
 * The command line as a folder that runs from wherever it is unpacked, without root and without a display: for compute servers
 * and clusters.
 * @param {Pick<import('./stageDebian.mjs').Parts, 'identity' | 'tensorflow' | 'tensorflowVersion' | 'traced' | 'work' | 'output'>} parts
 * @returns {Promise<string>} the archive's path
 */
export async function packFolder({ identity, tensorflow, tensorflowVersion, traced, work, output }) {
  const name = `isogloss-cli-${identity.version}`
  const tree = join(work, name)
  await rm(tree, { recursive: true, force: true })
  const engine = join(tree, 'lib', 'engine')
  await copyTraced([...traced.engine, ...traced.tensorflow], engine)
  await copyTensorFlow(tensorflow, engine)
  await writeInstallation(engine, { version: identity.version, electron: null, kind: 'folder' })
  await copyStripped(process.execPath, join(tree, 'lib', 'node'))
  await mkdir(join(tree, 'bin'))
  const program = '"$home/lib/node" "$home/lib/engine/out/node/cli.js"'
  const finding = 'home=$(dirname "$(dirname "$(readlink -f "$0")")")\n'
  await writeFile(join(tree, 'bin', 'isogloss'), launcher(program, finding), { mode: 0o755 })
  await placeSample(join(tree, 'share', 'sample'))
  await placeTexts(tree, { identity, tensorflow, tensorflowVersion })
  await checkAge(tree, { GLIBC: oldestGlibc, GLIBCXX: '3.4.25', CXXABI: '1.3.11' })
  return archive(work, name, identity.epochS, output)
}

/** @param {string} tree @param {Pick<import('./stageDebian.mjs').Parts, 'identity' | 'tensorflow' | 'tensorflowVersion'>} parts */
async function placeTexts(tree, { identity: { version, epochS }, tensorflow, tensorflowVersion }) {
  const share = join(tree, 'share')
  const { main, commands } = await readCommands()
  const date = new Date(epochS * 1000).toISOString().slice(0, 10)
  const node = { name: 'node', version: process.versions.node, licence: 'MIT', text: await nodeLicence() }
  const native = { name: 'tensorflow', version: tensorflowVersion, licence: 'Apache-2.0' }
  const nativeText = tensorflow.licences.map((path) => readFileSync(path, 'utf8')).join('\n\n')
  const licences = [...npmLicences(), node, { ...native, text: nativeText }]
  const texts = {
    'man/man1/isogloss.1': manPage({ main, commands, version, date }),
    'bash-completion/completions/isogloss': bashCompletion(commands),
    'zsh/site-functions/_isogloss': zshCompletion(commands),
    LICENSES: licenceDocument(licences),
    'sbom.cdx.json': await billOfMaterials({ version, epochS, parts: [node, native] }),
  }
  for (const [path, text] of Object.entries(texts)) {
    await mkdir(join(share, path, '..'), { recursive: true })
    await writeFile(join(share, path), text)
  }
  for (const file of ['LICENSE', 'CHANGELOG.md']) await copyFile(join(root, file), join(tree, file))
}

/** The same bytes from the same tree. gzip, since systems of that age have no zstd. */
async function archive(
  /** @type {string} */ work,
  /** @type {string} */ name,
  /** @type {number} */ epochS,
  /** @type {string} */ output,
) {
  await mkdir(output, { recursive: true })
  const path = join(output, `${name}-linux-x64.tar`)
  const settled = [
    '--sort=name',
    `--mtime=@${epochS}`,
    '--owner=0',
    '--group=0',
    '--numeric-owner',
    '--mode=u=rwX,go=rX',
  ]
  await mustRun(`Packing ${basename(path)}`, 'tar', ['--format=gnu', ...settled, '-cf', path, '-C', work, name])
  await mustRun(`Compressing ${basename(path)}`, 'gzip', ['-6nf', path])
  return `${path}.gz`
}
