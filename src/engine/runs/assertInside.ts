import { lstat, realpath } from 'node:fs/promises'
import { dirname, isAbsolute, relative, resolve, sep } from 'node:path'
import { EngineError } from '#protocol/errors.ts'

/**
 * Refuses a path that links lead out of a folder: what is written or deleted there would be other people's. Of a path
 * that is not there yet, its deepest folder that is there decides.
 * @throws EngineError 'project/outside'
 */
export async function assertInside(root: string, path: string): Promise<void> {
  const [realRoot, real] = [await realpath(root), await realAncestor(resolve(path))]
  const way = real === null ? '..' : relative(realRoot, real)
  if (way !== '..' && !way.startsWith(`..${sep}`) && !isAbsolute(way)) return
  throw new EngineError(
    'project/outside',
    `${path} leads to ${real ?? 'a place that is not there'}, expected one inside ${root}: nothing is written or deleted there. Replace the link by a folder, or move the whole project.`,
    { path, real },
  )
}

/** Real path of the deepest ancestor that is there; null where that is a link to nowhere. */
async function realAncestor(path: string): Promise<string | null> {
  try {
    return await realpath(path)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error
  }
  const isLink = await lstat(path).then(
    () => true,
    () => false,
  )
  return isLink ? null : realAncestor(dirname(path))
}
