import { lstat, mkdir, rename, rm } from 'node:fs/promises'
import { dirname } from 'node:path'
import { syncDirectory } from './atomicFile.ts'
import { syncTree } from './syncTree.ts'

/**
 * Where the content of a folder may be, best first: a kill between two renames of `replaceFolder` leaves the former one
 * beside its place.
 */
export const placesOf = (place: string): string[] => [place, `${place}.old`]

/** Puts a folder that `fill` fills in place of another, durably; at any instant one of `placesOf` is whole if one was before. */
export async function replaceFolder(place: string, fill: (directory: string) => Promise<void>): Promise<void> {
  const [temporary, old] = [`${place}.tmp`, `${place}.old`]
  await rm(temporary, { recursive: true, force: true })
  await mkdir(temporary, { recursive: true })
  await fill(temporary)
  await syncTree(temporary)
  if (await exists(place)) {
    await rm(old, { recursive: true, force: true })
    await rename(place, old)
  }
  await rename(temporary, place)
  await syncDirectory(dirname(place))
  await rm(old, { recursive: true, force: true })
}

const exists = (path: string) =>
  lstat(path).then(
    () => true,
    () => false,
  )
