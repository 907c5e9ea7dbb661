import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { mkdir, readdir, rename, rm, statfs } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { fileURLToPath } from 'node:url'
import { mustRun } from './command.mjs'

/** Hexadecimal sha256 of a file of any size. */
export async function sha256OfFile(/** @type {string} */ path) {
  const hash = createHash('sha256')
  await pipeline(createReadStream(path, { highWaterMark: 1 << 20 }), hash)
  return hash.digest('hex')
}

/**
 * Name of a sibling to work in, after sweeping those that killed processes left. It holds our process id: an orphaned
 * child of a killed set-up may still be writing into its own.
 * @param {string} path
 */
export async function partialOf(path) {
  const folder = dirname(path)
  await mkdir(folder, { recursive: true })
  for (const name of await readdir(folder)) {
    if (name.startsWith(`${basename(path)}.partial-`)) await rm(join(folder, name), { recursive: true, force: true })
  }
  return `${path}.partial-${process.pid}`
}

/**
 * Makes a folder appear whole or not at all: `fill` works in a sibling, which then takes the folder's place.
 * @param {string} folder
 * @param {(temporary: string) => Promise<void>} fill
 */
export async function putFolder(folder, fill) {
  const temporary = await partialOf(folder)
  await mkdir(temporary)
  try {
    await fill(temporary)
    await rm(folder, { recursive: true, force: true })
    await rename(temporary, folder)
  } finally {
    await rm(temporary, { recursive: true, force: true })
  }
}

/**
 * Unpacks the members of a zip archive that begin with one of the prefixes, keeping their modes.
 * @param {string} archive
 * @param {string} folder
 * @param {string} strip what is cut off before their names
 * @param {string[]} prefixes
 */
export async function unzip(archive, folder, strip, prefixes) {
  const program = fileURLToPath(new URL('unzip.py', import.meta.url))
  await mustRun(`Unpacking ${archive}`, 'python3', [program, archive, folder, strip, ...prefixes])
}

/**
 * @param {string} path where the bytes will go; its parents need not exist yet
 * @param {number} bytes
 * @throws {Error} where the disk holds fewer free bytes
 */
export async function requireFreeDisk(path, bytes) {
  let folder = path
  for (;;) {
    try {
      const { bavail, bsize } = await statfs(folder)
      const free = bavail * bsize
      if (free >= bytes) return
      throw new Error(
        `${folder} has ${Math.round(free / 1e6)} MB free, ${Math.round(bytes / 1e6)} MB are needed. ` +
          'Free some space, or name a folder on another disk in XDG_CACHE_HOME.',
      )
    } catch (error) {
      if (/** @type {NodeJS.ErrnoException} */ (error).code !== 'ENOENT') throw error
      folder = dirname(folder)
    }
  }
}
