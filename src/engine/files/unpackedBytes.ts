import { createReadStream } from 'node:fs'
import { open } from 'node:fs/promises'
import { pipeline } from 'node:stream'
import { createGunzip } from 'node:zlib'
import { statRegularFile } from './regularFile.ts'

const blockBytes = 1 << 18

/**
 * Bytes of a file, gunzipped where it is gzip, whatever its name. Whoever stops early or meets an error leaves no stream
 * open, and every error comes out of the iteration.
 * @param read is told of bytes of the file itself
 * @throws EngineError 'file/not-a-file'; errors of the system and of zlib as they are
 */
export async function* unpackedBytes(
  path: string,
  read: (bytes: number) => void = () => undefined,
): AsyncGenerator<Buffer> {
  await statRegularFile(path)
  const zipped = await isGzip(path)
  async function* counted(source: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
    for await (const chunk of source) {
      read(chunk.length)
      yield chunk
    }
  }
  const source = createReadStream(path, { highWaterMark: blockBytes })
  if (!zipped) {
    yield* counted(source)
    return
  }
  const gunzip = createGunzip({ chunkSize: blockBytes })
  // What it would tell its callback, the iteration throws.
  pipeline(source, counted, gunzip, () => undefined)
  yield* gunzip as AsyncIterable<Buffer>
}

async function isGzip(path: string): Promise<boolean> {
  const file = await open(path)
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(2), 0, 2, 0)
    return bytesRead === 2 && buffer[0] === 0x1f && buffer[1] === 0x8b
  } finally {
    await file.close()
  }
}
