import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { cacheDirectory } from './paths.mjs'

/** What could not be had is not asked for again at every start, but after a day. */
const patienceMs = 24 * 3_600_000

const fileOf = (/** @type {string} */ what) => join(cacheDirectory, `${what}.failed.json`)

/** @returns {string | null} why it failed less than a day ago */
export function recentFailure(/** @type {string} */ what) {
  try {
    const { at, reason } = JSON.parse(readFileSync(fileOf(what), 'utf8'))
    return Date.now() - at < patienceMs ? reason : null
  } catch {
    return null
  }
}

export function rememberFailure(/** @type {string} */ what, /** @type {string} */ reason) {
  mkdirSync(cacheDirectory, { recursive: true })
  writeFileSync(fileOf(what), JSON.stringify({ at: Date.now(), reason }))
}

export function forgetFailure(/** @type {string} */ what) {
  rmSync(fileOf(what), { force: true })
}
