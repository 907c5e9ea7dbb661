import { existsSync } from 'node:fs'
import { rename } from 'node:fs/promises'
import { join } from 'node:path'
import { mustRun } from '../setup/command.mjs'
import { partialOf, putFolder } from '../setup/files.mjs'
import { cacheDirectory } from '../setup/paths.mjs'
import { bindingArguments, bindingHash } from '../setup/tensorflow.mjs'

/**
 * The binding between TensorFlow and Node for systems older than the one that builds: Zig's C++ compiler links against the
 * symbols of a glibc that is named, and takes its own C++ library in (https://ziglang.org/learn/overview/#cross-compiling-is-a-first-class-use-case).
 * Its version is fixed, so that the same sources give the same bytes on every machine.
 */

/** RHEL 8, Debian 10 and everything later; Node 20 itself asks for it. */
export const oldestGlibc = '2.28'
const zigVersion = '0.13.0'

/**
 * @param {{ folder: string }} tensorflow
 * @param {(line: string) => void} say
 * @returns {Promise<string>} its path, in the cache
 */
export async function portableBinding({ folder }, say) {
  const hash = bindingHash(`${zigVersion} ${oldestGlibc}`)
  const target = join(folder, `binding-glibc-${oldestGlibc}-${hash}.node`)
  if (existsSync(target)) return target
  const compiler = await provideZig(say)
  say(`compiling the TensorFlow binding for glibc ${oldestGlibc} (two or three minutes the first time)`)
  const partial = await partialOf(target)
  await mustRun(
    'Compiling the TensorFlow binding',
    compiler,
    [
      ...['-m', 'ziglang', 'c++', '-target', `x86_64-linux-gnu.${oldestGlibc}`],
      // Node's own functions are found when Node loads it.
      ...['-s', '-Wl,-z,undefs', ...bindingArguments(folder), '-o', partial],
    ],
    { env: { ZIG_GLOBAL_CACHE_DIR: join(cacheDirectory, 'zig'), ZIG_LOCAL_CACHE_DIR: join(cacheDirectory, 'zig') } },
  )
  await rename(partial, target)
  return target
}

/** @returns the Python that has Zig's compiler beside it, as PyPI's package ziglang brings it */
async function provideZig(/** @type {(line: string) => void} */ say) {
  const folder = join(cacheDirectory, `ziglang-${zigVersion}`)
  const python = join(folder, 'bin', 'python3')
  if (existsSync(join(folder, 'complete'))) return python
  say(`installing Zig ${zigVersion} from its Python package (80 MB)`)
  await putFolder(folder, async (temporary) => {
    await mustRun('Making a virtual environment', 'python3', ['-m', 'venv', temporary])
    const pip = ['-m', 'pip', 'install', '--quiet', `ziglang==${zigVersion}`]
    await mustRun('Installing Zig', join(temporary, 'bin', 'python3'), pip)
    await mustRun('Marking it', 'touch', [join(temporary, 'complete')])
  })
  return python
}
