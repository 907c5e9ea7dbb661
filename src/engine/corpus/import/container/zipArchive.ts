import type { Readable } from 'node:stream'
import { promisify } from 'node:util'
import yauzl, { type Entry, type ZipFile } from 'yauzl'
import { EngineError } from '#protocol/errors.ts'

export interface ZipArchive {
  /** Names of the files inside with their unpacked sizes. */
  files: { name: string; bytes: number }[]
  open(name: string): Promise<Readable>
  close(): void
}

/** Archives of more files are no corpus. */
const mostFiles = 10_000

/**
 * Opens a zip archive by its central directory.
 * @throws EngineError 'import/damaged-archive'
 */
export async function openZip(path: string): Promise<ZipArchive> {
  let zip: ZipFile
  const entries: Entry[] = []
  try {
    zip = await promisify<string, yauzl.Options, ZipFile>(yauzl.open)(path, { lazyEntries: true, autoClose: false })
    await new Promise<void>((resolve, reject) => {
      zip.on('entry', (entry: Entry) => {
        if (!entry.fileName.endsWith('/')) entries.push(entry)
        if (entries.length > mostFiles) reject(new Error(`it holds more than ${mostFiles} files`))
        else zip.readEntry()
      })
      zip.on('end', resolve).on('error', reject)
      zip.readEntry()
    })
  } catch (cause) {
    throw damagedArchive(path, cause)
  }
  return {
    files: entries.map(({ fileName, uncompressedSize }) => ({ name: fileName, bytes: uncompressedSize })),
    open(name) {
      const entry = entries.find(({ fileName }) => fileName === name)
      if (!entry) return Promise.reject(damagedArchive(path, new Error(`it has no ${name}`)))
      return new Promise((resolve, reject) =>
        zip.openReadStream(entry, (error, stream) => (error ? reject(damagedArchive(path, error)) : resolve(stream))),
      )
    },
    close: () => zip.close(),
  }
}

export const damagedArchive = (path: string, cause: unknown) =>
  new EngineError(
    'import/damaged-archive',
    `${path} is a damaged or cut-off zip archive or workbook (${(cause as Error).message}). Nothing was imported; fetch or copy the file again.`,
    { path },
    { cause },
  )
