import { homedir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** The checkout, with no slash at its end. */
export const root = fileURLToPath(new URL('../..', import.meta.url)).replace(/[\\/]$/, '')

/** Where downloads live, outside the checkout, so that every checkout of a user shares them. */
export const cacheDirectory = join(process.env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'isogloss')

/** Finished downloads that wait to be unpacked. */
export const downloads = join(cacheDirectory, 'downloads')

/** A file or folder of an installed package. */
export const inPackage = (/** @type {string} */ name, /** @type {string[]} */ ...rest) =>
  join(root, 'node_modules', ...name.split('/'), ...rest)
