import { closeSync, openSync, readSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { mustRun } from '../setup/command.mjs'

/** Which glibc programs and libraries need: every symbol that they take from it carries the version that brought it. */

/** Families of versions that systems have more or less of: of the C library, and of the C++ library. */
export const families = /** @type {const} */ (['GLIBC', 'GLIBCXX', 'CXXABI'])

/**
 * The newest version of a family among the symbols that `objdump -T` lists as wanted from elsewhere.
 * @param {string} symbols its output
 * @param {typeof families[number]} [family]
 * @returns {{ version: string, symbol: string } | null} null for what needs none
 */
export function newestOf(symbols, family = 'GLIBC') {
  /** @type {{ version: string, symbol: string } | null} */
  let newest = null
  const wanted = new RegExp(String.raw`\*UND\*.*[\s(]${family}_(\d[\d.]*)\)?\s+(\S+)$`, 'gm')
  for (const [, version = '', symbol = ''] of symbols.matchAll(wanted))
    if (newest === null || compareVersions(version, newest.version) > 0) newest = { version, symbol }
  return newest
}

/** Negative, zero or positive as `a` is older than, the same as or newer than `b`: "2.9" is older than "2.28". */
export function compareVersions(/** @type {string} */ a, /** @type {string} */ b) {
  const [left, right] = [a, b].map((version) => version.split('.').map(Number))
  for (let i = 0; i < Math.max(left?.length ?? 0, right?.length ?? 0); i++) {
    const difference = (left?.[i] ?? 0) - (right?.[i] ?? 0)
    if (difference !== 0) return difference
  }
  return 0
}

/**
 * What each program and library of a folder needs.
 * @param {string} folder
 * @param {typeof families[number]} [family]
 * @returns {Promise<{ path: string, version: string, symbol: string }[]>} newest first; files that need none are left out
 */
export async function needsOfFolder(folder, family = 'GLIBC') {
  const found = []
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
    const path = join(entry.parentPath, entry.name)
    if (!entry.isFile() || !isElf(path)) continue
    const newest = newestOf(await mustRun(`Reading the symbols of ${path}`, 'objdump', ['-T', path]), family)
    if (newest) found.push({ path, ...newest })
  }
  return found.sort((a, b) => compareVersions(b.version, a.version))
}

/**
 * @param {string} folder
 * @param {Record<typeof families[number], string>} oldest what the oldest system has that the folder is meant for
 * @throws {Error} where something in the folder needs more
 */
export async function checkAge(folder, oldest) {
  for (const family of families) {
    const [newest] = await needsOfFolder(folder, family)
    if (newest && compareVersions(newest.version, oldest[family]) > 0) {
      throw new Error(
        `${newest.path} needs ${newest.symbol} of ${family}_${newest.version}; the oldest system that this is for has ${family}_${oldest[family]}.`,
      )
    }
  }
}

/** Whether a file begins as programs and libraries of Linux do. */
export function isElf(/** @type {string} */ path) {
  const file = openSync(path, 'r')
  try {
    const start = Buffer.alloc(4)
    return readSync(file, start, 0, 4, 0) === 4 && start.toString('latin1') === '\x7fELF'
  } finally {
    closeSync(file)
  }
}
