import { fromBufferPromise } from 'yauzl'
import { mostBytes, notReadable, tooLarge } from './boundaryErrors.ts'

export const isZip = (bytes: Buffer) => bytes.length > 4 && bytes.readUInt32LE(0) === 0x04034b50

/** The files of a zip archive by name, without what macOS adds; refused where they would be too large unpacked. */
export async function unpack(path: string, bytes: Buffer): Promise<Map<string, Buffer>> {
  const files = new Map<string, Buffer>()
  let unpacked = 0
  try {
    const zip = await fromBufferPromise(bytes, { lazyEntries: true })
    for await (const entry of zip.eachEntry()) {
      if (entry.fileName.endsWith('/') || entry.fileName.startsWith('__MACOSX/')) continue
      if (!/\.(?:kml|shp|dbf|prj|cpg|json|geojson)$/i.test(entry.fileName)) continue
      unpacked += entry.uncompressedSize
      if (unpacked > mostBytes) break
      const parts: Buffer[] = []
      for await (const part of await zip.openReadStreamPromise(entry)) parts.push(part as Buffer)
      files.set(entry.fileName, Buffer.concat(parts))
    }
  } catch (cause) {
    throw notReadable(path, `the archive is damaged (${(cause as Error).message})`, cause)
  }
  if (unpacked > mostBytes) throw tooLarge(path)
  return files
}
