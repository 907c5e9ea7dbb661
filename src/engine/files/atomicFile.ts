import { open, rename, rm } from 'node:fs/promises'
import { dirname, resolve } from 'node:path'
import { temporaryBeside } from './exclusiveFile.mjs'

/** The last write of each path that is under way. */
const underWay = new Map<string, Promise<void>>()

/**
 * Writes a file so that it holds either its old or its new content, whatever happens in between. Of several writes at
 * once all succeed, and the last one that was asked for stays. A link in the file's place is replaced, not followed.
 */
export function writeFileAtomically(path: string, content: string | Uint8Array): Promise<void> {
  const place = resolve(path)
  const before = underWay.get(place) ?? Promise.resolve()
  const own = before.catch(() => undefined).then(() => replaceFile(place, content))
  underWay.set(place, own)
  return own.finally(() => {
    if (underWay.get(place) === own) underWay.delete(place)
  })
}

async function replaceFile(path: string, content: string | Uint8Array): Promise<void> {
  const temporary = temporaryBeside(path)
  try {
    const file = await open(temporary, 'wx')
    try {
      await file.writeFile(content)
      await file.sync()
    } finally {
      await file.close()
    }
    await rename(temporary, path)
  } catch (error) {
    await rm(temporary, { force: true })
    throw error
  }
  await syncDirectory(dirname(path))
}

/** Makes renames in a directory durable; Windows has no such call and needs none. */
export async function syncDirectory(path: string): Promise<void> {
  if (process.platform === 'win32') return
  const directory = await open(path, 'r')
  try {
    await directory.sync()
  } finally {
    await directory.close()
  }
}
