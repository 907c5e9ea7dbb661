import { open, type FileHandle } from 'node:fs/promises'
import { EngineError } from '#protocol/errors.ts'

/** NumPy's .npy format, version 1.0, little-endian, C order: arrays that any other tool opens. */
const types = {
  '<f4': Float32Array,
  '<f8': Float64Array,
  '<i4': Int32Array,
  '<u4': Uint32Array,
  '|u1': Uint8Array,
} as const
type Descr = keyof typeof types
export type NpyArray = Float32Array | Float64Array | Int32Array | Uint32Array | Uint8Array

/** No header of ours is longer. */
const mostHeader = 4096

const magic = Buffer.from('\x93NUMPY\x01\x00', 'latin1')

function headerOf(values: NpyArray, shape: number[]): Buffer {
  const descr = (Object.keys(types) as Descr[]).find((key) => values instanceof types[key])!
  const dimensions = shape.length === 1 ? `${shape[0]},` : shape.join(', ')
  const text = `{'descr': '${descr}', 'fortran_order': False, 'shape': (${dimensions}), }`
  const padding = 64 - ((magic.length + 2 + text.length + 1) % 64)
  const header = Buffer.alloc(magic.length + 2 + text.length + padding + 1, ' ')
  magic.copy(header)
  header.writeUInt16LE(text.length + padding + 1, magic.length)
  header.write(text, magic.length + 2, 'latin1')
  header.write('\n', header.length - 1, 'latin1')
  return header
}

async function writeAll(file: FileHandle, bytes: Uint8Array): Promise<void> {
  // One write call moves at most 2 GiB on Linux.
  for (let start = 0; start < bytes.length; start += 1 << 28) {
    let rest = bytes.subarray(start, start + (1 << 28))
    while (rest.length > 0) rest = rest.subarray((await file.write(rest)).bytesWritten)
  }
}

const bytesOf = ({ buffer, byteOffset, byteLength }: NpyArray) => new Uint8Array(buffer, byteOffset, byteLength)

/** Writes `values` with `shape` (default: one dimension). The file is synced before the call returns. */
export async function writeNpy(path: string, values: NpyArray, shape: number[] = [values.length]): Promise<void> {
  const file = await open(path, 'w')
  try {
    await file.write(headerOf(values, shape))
    await writeAll(file, bytesOf(values))
    await file.sync()
  } finally {
    await file.close()
  }
}

/** Writes one dimension piece by piece: what need not lie in memory at once. The file is synced when it is finished. */
export async function openNpy(path: string) {
  const file = await open(path, 'w')
  let length = 0
  let type: NpyArray = new Int32Array(0)
  // Any length fits into a header of the same size, so that it can be written last.
  await file.write(headerOf(type, [0]))
  return {
    async append(values: NpyArray): Promise<void> {
      type = values
      length += values.length
      await writeAll(file, bytesOf(values))
    },
    async finish(): Promise<void> {
      await file.write(headerOf(type, [length]), 0, null, 0)
      await file.sync()
      await file.close()
    },
    close: () => file.close(),
  }
}

/** @throws EngineError 'file/not-npy' when the file is not one that `writeNpy` could have written. */
export async function readNpy(path: string): Promise<{ values: NpyArray; shape: number[] }> {
  const file = await open(path)
  try {
    return await readFrom(file, path)
  } finally {
    await file.close()
  }
}

async function readFrom(file: FileHandle, path: string): Promise<{ values: NpyArray; shape: number[] }> {
  const { size } = await file.stat()
  const bytes = Buffer.alloc(Math.min(size, mostHeader))
  await file.read(bytes, 0, bytes.length, 0)
  const headerLength = bytes.length > 10 ? bytes.readUInt16LE(8) : 0
  const header = bytes.subarray(10, 10 + headerLength).toString('latin1')
  const descr = /'descr': '([^']+)'/.exec(header)?.[1] as Descr | undefined
  const shape = /'shape': \(([^)]*)\)/.exec(header)?.[1]
  if (!bytes.subarray(0, 6).equals(magic.subarray(0, 6)) || !descr || !(descr in types) || shape === undefined) {
    throw new EngineError('file/not-npy', `${path} is not a .npy file of this project (found header "${header.slice(0, 60)}"). Delete the artefact that holds it; the next run makes it again.`)
  }
  const dimensions = shape.split(',').filter((part) => part.trim()).map(Number)
  const length = dimensions.reduce((product, size) => product * size, 1)
  const Type = types[descr]
  const expected = 10 + headerLength + length * Type.BYTES_PER_ELEMENT
  if (size !== expected) {
    throw new EngineError('file/not-npy', `${path} has ${size} bytes, expected ${expected}. Delete the artefact that holds it; the next run makes it again.`)
  }
  const values = new Type(length)
  const into = bytesOf(values)
  for (let done = 0; done < into.length; ) {
    const { bytesRead } = await file.read(into, done, Math.min(into.length - done, 1 << 28), 10 + headerLength + done)
    done += bytesRead
  }
  return { values, shape: dimensions }
}
