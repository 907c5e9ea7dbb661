import { execFile } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'

/**
 * Whether a signed folder of packages holds a later version than the one that runs, for `doctor`. The folder is read as files:
 * nothing is asked of a network by the program itself. apt checks the signature when somebody installs.
 * @param folder as `npm run dist:repository` writes it
 * @returns a problem in words, or null where nothing newer is there
 */
export async function newerVersion(folder: string, running: string): Promise<{ what: string; toDo: string } | null> {
  let list: string
  try {
    list = await readFile(join(folder, 'dists/stable/main/binary-amd64/Packages'), 'utf8')
  } catch (error) {
    return {
      what: `The folder of updates cannot be read: ${(error as Error).message}.`,
      toDo: 'Ask whoever looks after this machine.',
    }
  }
  let newest = running
  for (const [, version = ''] of list.matchAll(/^Package: isogloss(?:-for-tests)?\n(?:.+\n)*?Version: (.*)$/gm))
    if (await isLater(version, newest)) newest = version
  if (newest === running) return null
  return {
    what: `Isogloss ${newest} is in ${folder}; this is ${running}.`,
    toDo: 'An administrator installs it: apt-get update && apt-get upgrade.',
  }
}

/** By dpkg's own order of versions; false where there is no dpkg, whose packages these are. */
const isLater = (a: string, b: string): Promise<boolean> =>
  promisify(execFile)('dpkg', ['--compare-versions', a, 'gt', b]).then(
    () => true,
    () => false,
  )
