import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { mkdir, rename, rm, statfs } from 'node:fs/promises'
import { dirname } from 'node:path'
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
 * Makes a folder appear whole or not at all: `fill` works in a sibling, which then takes the folder's place.
 * @param {string} folder
 * @param {(temporary: string) => Promise<void>} fill
 */
export async function putFolder(folder, fill) {
  const temporary = `${folder}.partial`
  await rm(temporary, { recursive: true, force: true })
  await mkdir(temporary, { recursive: true })
  await fill(temporary)
  await rm(folder, { recursive: true, force: true })
  await rename(temporary, folder)
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
