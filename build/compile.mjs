import { createHash } from 'node:crypto'
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { partialOf } from './setup/files.mjs'
import { withLock } from './setup/lock.mjs'
import { root } from './setup/paths.mjs'

/** Bundles are rebuilt when a source was added, removed or changed since; otherwise nothing but file times is read. */

/**
 * @typedef {object} Bundle
 * @property {string} output
 * @property {string[]} sources files and folders
 * @property {(outputs: { node: string }) => Promise<void>} build
 */

/** @type {Record<'node' | 'window', Bundle>} */
const bundles = {
  node: {
    output: 'out/node',
    sources: [
      'src/protocol',
      'src/pure',
      'src/engine',
      'src/cli',
      'bench',
      'checks',
      'build/vite.node.config.ts',
      'build/assemblyScriptPlugin.mjs',
      'build/selfContainedPlugin.mjs',
      'package.json',
    ],
    build: buildNode,
  },
  window: {
    output: 'out/renderer',
    sources: [
      'src/protocol',
      'src/pure',
      'src/main',
      'src/preload',
      'src/renderer',
      'electron.vite.config.ts',
      'docs',
      'build/docs',
      'package.json',
    ],
    build: buildWindow,
  },
}

/**
 * Builds what is stale; two processes that want the same build it once.
 * @param {('node' | 'window')[]} names
 * @param {(line: string) => void} [say]
 */
export async function compile(names, say = () => undefined) {
  for (const name of names) {
    const bundle = bundles[name]
    if (isFresh(bundle)) continue
    await withLock(
      join(root, 'out', `${name}.lock`),
      async () => {
        if (isFresh(bundle)) return
        // Taken before the build: a source that changes meanwhile makes the result stale.
        const signature = signatureOf(bundle)
        say(`building ${bundle.output}`)
        await rm(stampOf(bundle), { force: true })
        await inItsOwnMode(() => bundle.build({ node: join(root, bundle.output) }))
        await writeFile(stampOf(bundle), signature)
      },
      say,
    )
  }
}

/**
 * Vite's build sets NODE_ENV to "production" for its whole process. What the caller starts next is not production: tests
 * would resolve other code than they do without a build before them.
 * @param {() => Promise<void>} build
 */
async function inItsOwnMode(build) {
  const before = process.env.NODE_ENV
  try {
    await build()
  } finally {
    if (before === undefined) delete process.env.NODE_ENV
    else process.env.NODE_ENV = before
  }
}

async function buildNode(/** @type {{ node: string }} */ { node }) {
  const { build } = await import('vite')
  const temporary = await partialOf(node)
  await build({ root, configFile: join(root, 'build/vite.node.config.ts'), build: { outDir: temporary } })
  // A program that starts now finds the old build or the new one.
  const old = `${node}.old`
  await rm(old, { recursive: true, force: true })
  if (existsSync(node)) await rename(node, old)
  await rename(temporary, node)
  await rm(old, { recursive: true, force: true })
}

async function buildWindow() {
  const { build } = await import('electron-vite')
  await build({ root, logLevel: 'warn' })
  const { writeSite } = await import('./docs/site.mjs')
  await writeSite(join(root, 'out', 'renderer', 'help'))
}

function isFresh(/** @type {Bundle} */ bundle) {
  try {
    return existsSync(join(root, bundle.output)) && readFileSync(stampOf(bundle), 'utf8') === signatureOf(bundle)
  } catch {
    return false
  }
}

const stampOf = (/** @type {Bundle} */ { output }) => join(root, `${output}.stamp`)

/** A hash of every source's name, size and time of change. */
function signatureOf(/** @type {Bundle} */ { sources }) {
  const hash = createHash('sha256')
  const visit = (/** @type {string} */ path) => {
    const stats = statSync(path, { throwIfNoEntry: false })
    if (!stats || path.endsWith('.test.ts')) return
    if (stats.isDirectory()) for (const name of readdirSync(path).sort()) visit(join(path, name))
    else hash.update(`${path} ${stats.size} ${stats.mtimeMs}\n`)
  }
  for (const source of sources) visit(join(root, source))
  return hash.digest('hex')
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const wanted = process.argv.slice(2)
  const names = /** @type {('node' | 'window')[]} */ (wanted.length > 0 ? wanted : Object.keys(bundles))
  await compile(names, (line) => process.stderr.write(`${line}\n`))
}
