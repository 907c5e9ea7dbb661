import { closeSync, openSync, readSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { mustRun } from '../setup/command.mjs'

/** Which glibc programs and libraries need: every symbol that they take from it carries the version that brought it. */

/**
 * The newest version among the symbols that `objdump -T` lists as wanted from elsewhere.
 * @param {string} symbols its output
 * @returns {{ version: string, symbol: string } | null} null for what needs no glibc
 */
export function newestGlibc(symbols) {
  /** @type {{ version: string, symbol: string } | null} */
  let newest = null
  for (const [, version = '', symbol = ''] of symbols.matchAll(/\*UND\*.*\(?GLIBC_(\d[\d.]*)\)?\s+(\S+)$/gm))
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
 * @returns {Promise<{ path: string, version: string, symbol: string }[]>} newest first; files that need no glibc are left out
 */
export async function glibcOfFolder(folder) {
  const found = []
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
    const path = join(entry.parentPath, entry.name)
    if (!entry.isFile() || !isElf(path)) continue
    const newest = newestGlibc(await mustRun(`Reading the symbols of ${path}`, 'objdump', ['-T', path]))
    if (newest) found.push({ path, ...newest })
  }
  return found.sort((a, b) => compareVersions(b.version, a.version))
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
