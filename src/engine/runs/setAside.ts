import { randomBytes } from 'node:crypto'
import { lstat, rename, rm } from 'node:fs/promises'

/** A sibling's name that nobody else has; what a kill leaves of it is swept away. */
export const temporaryName = (path: string) => `${path}.tmp-${randomBytes(6).toString('hex')}`
export const isTemporary = (name: string) => name.includes('.tmp-')

const ending = '.aside'
export const asideName = (path: string) => `${path}${ending}`
export const isAside = (name: string) => name.endsWith(ending)

/** Moves what lies at a path out of the way, a link as a link; null where nothing lies there. */
export async function setAside(path: string): Promise<string | null> {
  if (!(await isThere(path))) return null
  const aside = asideName(path)
  await discard(aside)
  await rename(path, aside)
  return aside
}

/** Puts back what was set aside, or removes it where its place has been filled since. */
export async function bringBack(aside: string): Promise<void> {
  const path = aside.slice(0, -ending.length)
  if (await isThere(path)) await discard(aside)
  else await rename(aside, path)
}

/** Removes a file or a folder. Renamed first: a kill while a folder is being emptied must not leave half of it under its name. */
export async function discard(path: string): Promise<void> {
  if (!(await isThere(path))) return
  const doomed = temporaryName(path)
  await rename(path, doomed)
  await rm(doomed, { recursive: true, force: true })
}

const isThere = (path: string) =>
  lstat(path).then(
    () => true,
    () => false,
  )
