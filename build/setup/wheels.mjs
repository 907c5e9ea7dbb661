import { existsSync } from 'node:fs'
import { mkdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { mustRun } from './command.mjs'
import { sha256OfFile, unzip } from './files.mjs'
import { downloads } from './paths.mjs'

/**
 * A Python package of libraries that we want for its libraries alone.
 * @typedef {object} Wheel
 * @property {string} requirement as pip wants it: "tensorflow-cpu==2.21.0"
 * @property {string} file
 * @property {number} megabytes
 * @property {string} sha256
 * @property {string[]} members what begins so is unpacked
 */

/**
 * Fetches a wheel with pip, unless an earlier attempt left it complete, and checks its hash.
 * @param {Wheel} wheel
 * @param {(line: string) => void} say
 * @returns {Promise<string>} its path
 */
export async function fetchWheel({ requirement, file, megabytes, sha256 }, say) {
  const path = join(downloads, file)
  if (existsSync(path)) {
    if ((await sha256OfFile(path)) === sha256) return path
    await rm(path)
  }
  say(`downloading ${requirement} (${megabytes} MB)`)
  await mkdir(downloads, { recursive: true })
  const platform = ['--python-version', '3.11', '--implementation', 'cp', '--platform', platformOf(file)]
  await mustRun(
    `Downloading ${requirement}`,
    'python3',
    ['-m', 'pip', 'download', '--no-deps', '--only-binary=:all:', ...platform, '--dest', downloads, requirement],
    { show: process.stderr.isTTY },
  )
  if (!existsSync(path)) throw new Error(`pip downloaded ${requirement}, but not as ${file}.`)
  const found = await sha256OfFile(path)
  if (found !== sha256) {
    await rm(path)
    throw new Error(`${file} has sha256 ${found}, expected ${sha256}. It was deleted; run the set-up again.`)
  }
  return path
}

/**
 * Unpacks what the wheel is wanted for.
 * @param {Wheel} wheel
 * @param {string} path
 * @param {string} folder
 */
export const unpackWheel = (wheel, path, folder) => unzip(path, folder, '', wheel.members)

/** The last dash-separated part of a wheel's name is its platform, or several joined by dots: the first is the newest. */
const platformOf = (/** @type {string} */ file) =>
  file
    .replace(/\.whl$/, '')
    .split('-')
    .at(-1)
    ?.split('.')[0] ?? 'any'
