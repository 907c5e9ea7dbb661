import { createReadStream } from 'node:fs'
import { lstat, open, rm, stat, type FileHandle } from 'node:fs/promises'
import { dirname } from 'node:path'
import { EngineError } from '#protocol/errors.ts'
import { syncDirectory } from './atomicFile.ts'
import { placeExclusively, temporaryBeside } from './exclusiveFile.mjs'

/** Files that a person named: they appear whole, and never in the place of another one or through a link. */

/**
 * Says before long work that a file could not be written after it.
 * @throws EngineError 'export/exists', also where the name is a link to nowhere; the system's error where the folder is missing
 */
export async function refuseExisting(path: string): Promise<void> {
  await stat(dirname(path))
  const there = await lstat(path).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return null
    throw error
  })
  if (there) throw exists(path)
}

/**
 * @param write gets the file open and empty; what it leaves there is synced
 * @throws as placeNewFile
 */
export async function writeNewFile(path: string, write: (file: FileHandle) => Promise<unknown>): Promise<void> {
  const temporary = temporaryBeside(path)
  try {
    const file = await open(temporary, 'wx')
    try {
      await write(file)
    } finally {
      await file.close()
    }
    await placeNewFile(temporary, path)
  } finally {
    await rm(temporary, { force: true })
  }
}

/**
 * Syncs a finished file and gives it its name. A file of that name with the same bytes is as good.
 * @throws EngineError 'export/exists' where anything else has the name
 */
export async function placeNewFile(temporary: string, path: string): Promise<void> {
  const file = await open(temporary, 'r+')
  try {
    await file.sync()
  } finally {
    await file.close()
  }
  if (!(await placeExclusively(temporary, path)) && !(await haveSameBytes(temporary, path))) throw exists(path)
  await syncDirectory(dirname(path))
}

async function haveSameBytes(a: string, b: string): Promise<boolean> {
  const there = await lstat(b)
  if (!there.isFile() || there.size !== (await stat(a)).size) return false
  const file = await open(b)
  try {
    for await (const chunk of createReadStream(a) as AsyncIterable<Buffer>) {
      const { buffer, bytesRead } = await file.read(Buffer.alloc(chunk.length))
      if (bytesRead !== chunk.length || !buffer.equals(chunk)) return false
    }
    return true
  } finally {
    await file.close()
  }
}

const exists = (path: string) =>
  new EngineError(
    'export/exists',
    `${path} is there already, and nothing is overwritten. Choose another name or delete it.`,
  )
