import { existsSync, readFileSync } from 'node:fs'
import { rename } from 'node:fs/promises'
import { createHash } from 'node:crypto'
import { join } from 'node:path'
import { mustRun } from '../setup/command.mjs'
import { partialOf, putFolder } from '../setup/files.mjs'
import { cacheDirectory, inPackage } from '../setup/paths.mjs'
import { bindingSources } from '../setup/tensorflow.mjs'

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
  const hash = createHash('sha256').update(`${zigVersion} ${oldestGlibc}`)
  for (const source of bindingSources) hash.update(readFileSync(source))
  const target = join(folder, `binding-glibc-${oldestGlibc}-${hash.digest('hex').slice(0, 8)}.node`)
  if (existsSync(target)) return target
  const compiler = await provideZig(say)
  say(`compiling the TensorFlow binding for glibc ${oldestGlibc} (two or three minutes the first time)`)
  const libraries = join(folder, 'tensorflow')
  const partial = await partialOf(target)
  await mustRun(
    'Compiling the TensorFlow binding',
    compiler,
    [
      ...['-m', 'ziglang', 'c++', '-target', `x86_64-linux-gnu.${oldestGlibc}`],
      // Node's own functions are found when Node loads it.
      ...['-shared', '-fPIC', '-O2', '-s', '-std=c++17', '-w', '-Wl,-z,undefs'],
      ...['-DNAPI_VERSION=8', '-DBUILDING_NODE_EXTENSION'],
      ...['-I', inPackage('node-api-headers', 'include'), '-I', join(libraries, 'include')],
      ...bindingSources,
      ...['-L', libraries, '-ltensorflow', '-ltensorflow_framework'],
      ...['-Wl,-rpath,$ORIGIN/../../deps/lib', '-o', partial],
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
