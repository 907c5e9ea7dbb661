import { randomBytes } from 'node:crypto'
import { constants } from 'node:fs'
import { copyFile, link, stat } from 'node:fs/promises'

/** Plain JavaScript: the set-up's scripts use it before anything is installed or compiled. */

/** What file systems without hard links (FAT, some network shares) answer to a link. */
const noLinks = ['EPERM', 'ENOSYS', 'ENOTSUP', 'EOPNOTSUPP', 'EISDIR']

/**
 * A name beside a file that nobody can guess, and so nobody can have put a link at.
 * @param {string} path
 */
export const temporaryBeside = (path) => `${path}.${randomBytes(8).toString('hex')}.tmp`

/**
 * Gives a finished file its name, unless something has that name already, be it a link to nowhere. The temporary name stays.
 * @param {string} temporary
 * @param {string} path
 * @returns {Promise<boolean>} false where the name was taken
 */
export async function placeExclusively(temporary, path) {
  try {
    await link(temporary, path)
    return true
  } catch (error) {
    const { code = '' } = /** @type {NodeJS.ErrnoException} */ (error)
    // A server that missed its own answer is asked again, and then says that the link it has just made exists (RFC 1813, 4.5).
    if (code === 'EEXIST') return (await stat(temporary)).nlink === 2
    if (!noLinks.includes(code)) throw error
  }
  try {
    await copyFile(temporary, path, constants.COPYFILE_EXCL)
    return true
  } catch (error) {
    if (/** @type {NodeJS.ErrnoException} */ (error).code === 'EEXIST') return false
    throw error
  }
}
