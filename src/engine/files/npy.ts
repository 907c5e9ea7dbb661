import { open } from 'node:fs/promises'
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

const magic = Buffer.from('\x93NUMPY\x01\x00', 'latin1')

/** Writes `values` with `shape` (default: one dimension). The file is synced before the call returns. */
export async function writeNpy(path: string, values: NpyArray, shape: number[] = [values.length]): Promise<void> {
  const descr = (Object.keys(types) as Descr[]).find((key) => values instanceof types[key])!
  const dimensions = shape.length === 1 ? `${shape[0]},` : shape.join(', ')
  const text = `{'descr': '${descr}', 'fortran_order': False, 'shape': (${dimensions}), }`
  const padding = 64 - ((magic.length + 2 + text.length + 1) % 64)
  const header = Buffer.alloc(magic.length + 2 + text.length + padding + 1, ' ')
  magic.copy(header)
  header.writeUInt16LE(text.length + padding + 1, magic.length)
  header.write(text, magic.length + 2, 'latin1')
  header.write('\n', header.length - 1, 'latin1')
  const bytes = new Uint8Array(values.buffer, values.byteOffset, values.byteLength)
  const file = await open(path, 'w')
  try {
    await file.write(header)
    // One write call moves at most 2 GiB on Linux.
    for (let start = 0; start < bytes.length; start += 1 << 28) {
      let rest = bytes.subarray(start, start + (1 << 28))
      while (rest.length > 0) rest = rest.subarray((await file.write(rest)).bytesWritten)
    }
    await file.sync()
  } finally {
    await file.close()
  }
}

/** Bytes that hold the whole header of any file that `writeNpy` makes. */
const headerRoom = 512
/** A read call moves at most 2 GiB on Linux. */
const readAtOnce = 1 << 28

/**
 * Reads an array straight into its own memory: a matrix of a gigabyte is never held twice.
 * @throws EngineError 'file/not-npy' when the file is not one that `writeNpy` could have written
 */
export async function readNpy(path: string): Promise<{ values: NpyArray; shape: number[] }> {
  const file = await open(path, 'r')
  try {
    const head = Buffer.alloc(headerRoom)
    const { bytesRead } = await file.read(head, 0, headerRoom, 0)
    const headerLength = bytesRead > 10 ? head.readUInt16LE(8) : 0
    const header = head.subarray(10, Math.min(bytesRead, 10 + headerLength)).toString('latin1')
    const descr = /'descr': '([^']+)'/.exec(header)?.[1] as Descr | undefined
    const shape = /'shape': \(([^)]*)\)/.exec(header)?.[1]
    const again = 'Delete the artefact that holds it; the next run makes it again.'
    if (!head.subarray(0, 6).equals(magic.subarray(0, 6)) || !descr || !(descr in types) || shape === undefined) {
      throw new EngineError('file/not-npy', `${path} is not a .npy file of this project (found header "${header.slice(0, 60)}"). ${again}`)
    }
    const dimensions = shape.split(',').filter((part) => part.trim()).map(Number)
    const length = dimensions.reduce((product, size) => product * size, 1)
    const Type = types[descr]
    const expected = 10 + headerLength + length * Type.BYTES_PER_ELEMENT
    const { size } = await file.stat()
    if (size !== expected) throw new EngineError('file/not-npy', `${path} has ${size} bytes, expected ${expected}. ${again}`)
    const values = new Type(length)
    const bytes = new Uint8Array(values.buffer)
    for (let done = 0; done < bytes.length; ) {
      done += (await file.read(bytes, done, Math.min(readAtOnce, bytes.length - done), 10 + headerLength + done)).bytesRead
    }
    return { values, shape: dimensions }
  } finally {
    await file.close()
  }
}
