import { lstat, realpath } from 'node:fs/promises'
import { basename, dirname, isAbsolute, join, relative, resolve, sep } from 'node:path'
import { EngineError } from '#protocol/errors.ts'

/**
 * Checks that a path, which need not exist, lies in a folder when every link on its way is followed. To be called before
 * something is written or deleted there.
 * @throws EngineError 'project/outside' where it leads elsewhere or through a link to nowhere
 */
export async function assertInside(folder: string, path: string): Promise<void> {
  const home = await realpath(folder)
  const place = await realPlace(resolve(path))
  if (place !== null && liesIn(home, place)) return
  throw new EngineError(
    'project/outside',
    `${path} leads ${place === null ? 'through a link to nowhere' : `to ${place}`}, outside of ${home}; nothing there is changed. ` +
      'Put the folder or file itself in the place of the link.',
    { path, place, folder: home },
  )
}

/** Whether a path is a folder's own or below it; both absolute, with no link on the way. */
export function liesIn(folder: string, place: string): boolean {
  const way = relative(folder, place)
  return way !== '..' && !way.startsWith(`..${sep}`) && !isAbsolute(way)
}

/** The real path of the deepest folder that exists, and what is left of the path; null where a link leads to nowhere. */
export async function realPlace(path: string): Promise<string | null> {
  try {
    return await realpath(path)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error
  }
  if (await lstat(path).catch(() => null)) return null
  const parent = await realPlace(dirname(path))
  return parent && join(parent, basename(path))
}
