import { existsSync } from 'node:fs'
import { cp, mkdir, readFile, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { mustRun } from '../setup/command.mjs'
import { root } from '../setup/paths.mjs'

/**
 * The engine's folder, the same in every package: out/node, the packages that it imports, resources, and two files that say
 * what this is. Real files, since Electron's archive cannot be run by Node, nor libraries be loaded from it.
 */

const shellWords = { TF_CPP_MIN_LOG_LEVEL: '2' }

/**
 * @param {string[]} paths relative to the checkout
 * @param {string} target
 */
export async function copyTraced(paths, target) {
  for (const path of paths) {
    await mkdir(dirname(join(target, path)), { recursive: true })
    await cp(join(root, path), join(target, path), { dereference: true })
  }
}

/**
 * What `engine/files/installation.ts` reads.
 * @param {string} target the engine's folder
 * @param {{ version: string, electron: string | null, kind: 'package' | 'folder' }} installation
 */
export async function writeInstallation(target, { version, electron, kind }) {
  await writeFile(
    join(target, 'package.json'),
    `${JSON.stringify({ name: 'isogloss', version, license: 'MIT', private: true, type: 'module' }, null, 2)}\n`,
  )
  await writeFile(join(target, 'installation.json'), `${JSON.stringify({ version, electron, kind }, null, 2)}\n`)
}

/**
 * Native TensorFlow, where its npm package looks for it; symbols that only a debugger reads stay out.
 * @param {{ folder: string, libraries: string[], binding: string }} tensorflow folder: where the set-up keeps it
 * @param {string} target the engine's folder
 */
export async function copyTensorFlow({ folder: kept, libraries, binding }, target) {
  const folder = join(target, 'node_modules', '@tensorflow', 'tfjs-node-gpu')
  const deps = join(folder, 'deps', 'lib')
  const bindings = join(folder, 'lib', 'napi-v8')
  await mkdir(deps, { recursive: true })
  await mkdir(bindings, { recursive: true })
  for (const library of libraries) await copyStripped(library, join(deps, library.split('/').at(-1) ?? ''))
  // CUDA's libraries lie beside TensorFlow's, where its own relative search path looks.
  const cuda = join(kept, 'nvidia')
  if (existsSync(cuda)) await cp(cuda, join(folder, 'deps', 'nvidia'), { recursive: true, verbatimSymlinks: true })
  await copyStripped(binding, join(bindings, 'tfjs_binding.node'))
}

export const copyStripped = (/** @type {string} */ from, /** @type {string} */ to) =>
  mustRun(`Copying ${from}`, 'strip', ['--strip-unneeded', '-o', to, from])

/**
 * A shell script that becomes a program, whatever folder it is called from and through whatever link.
 * @param {string} program as the shell reads it
 * @param {string} [before] lines before it
 */
export const launcher = (program, before = '') =>
  `#!/bin/sh\n${before}${Object.entries(shellWords)
    .map(([name, value]) => `export ${name}="\${${name}:-${value}}"\n`)
    .join('')}exec ${program} "$@"\n`

/** The Node that builds is the Node that is packed; its licence lies where its archive or its package puts it. */
export async function nodeLicence() {
  const prefix = dirname(dirname(process.execPath))
  for (const path of [join(prefix, 'LICENSE'), join(prefix, 'share', 'doc', 'nodejs', 'LICENSE')]) {
    try {
      return await readFile(path, 'utf8')
    } catch {
      // The other place.
    }
  }
  throw new Error(
    `The licence of Node was looked for at ${prefix}/LICENSE and ${prefix}/share/doc/nodejs/LICENSE: build with a Node that has it.`,
  )
}
