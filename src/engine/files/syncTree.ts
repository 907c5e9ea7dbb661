import { open, readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { syncDirectory } from './atomicFile.ts'

/** Makes a folder durable with every file and folder in it: after a power loss what it holds is whole. */
export async function syncTree(directory: string): Promise<void> {
  for (const entry of await readdir(directory, { withFileTypes: true })) {
    const path = join(directory, entry.name)
    if (entry.isDirectory()) await syncTree(path)
    else if (entry.isFile()) await syncFile(path)
  }
  await syncDirectory(directory)
}

async function syncFile(path: string): Promise<void> {
  // Windows syncs only what may be written.
  const file = await open(path, 'r+')
  try {
    await file.sync()
  } finally {
    await file.close()
  }
}
