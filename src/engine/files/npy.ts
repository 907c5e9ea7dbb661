import { open, type FileHandle } from 'node:fs/promises'
import { damagedFile, fillFrom, withArtefactFile } from './artefactFile.ts'

/** NumPy's .npy format, version 1.0, little-endian, C order: arrays that any other tool opens. */
const types = {
  '<f4': Float32Array,
  '<f8': Float64Array,
  '<i4': Int32Array,
  '<u4': Uint32Array,
  '|u1': Uint8Array,
  '|i1': Int8Array,
} as const
type Descr = keyof typeof types
export type NpyArray = Float32Array | Float64Array | Int32Array | Uint32Array | Uint8Array | Int8Array

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

interface Header {
  Type: (typeof types)[Descr]
  shape: number[]
  /** Byte at which the values start. */
  start: number
}

/**
 * Any array that `writeNpy`, or NumPy with one of our types, could have written.
 * @param problemOf what is wrong with a header, or null: asked before memory is taken
 * @throws EngineError 'file/damaged'
 */
export const readNpy = (
  path: string,
  problemOf: (header: Header) => string | null = () => null,
): Promise<{ values: NpyArray; shape: number[] }> =>
  withArtefactFile(path, async (file, bytes) => {
    const head = Buffer.alloc(Math.min(bytes, mostHeader))
    await fillFrom(file, path, 0, head)
    const header = parseHeader(path, head)
    const { Type, shape, start } = header
    const length = shape.reduce((product, size) => product * size, 1)
    const expected = start + length * Type.BYTES_PER_ELEMENT
    const problem = problemOf(header) ?? (bytes === expected ? null : `it has ${bytes} bytes, expected ${expected}`)
    if (problem !== null) throw damagedFile(path, problem)
    const values = new Type(length)
    await fillFrom(file, path, start, bytesOf(values))
    return { values, shape }
  })

/**
 * An array of the type and the shape that an artefact must have.
 * @param expected sizes of its dimensions, null for any
 * @throws EngineError 'file/damaged'
 */
export async function readArray<A extends NpyArray>(
  path: string,
  Expected: { readonly name: string; new (length: number): A },
  expected: (number | null)[] = [null],
): Promise<{ values: A; shape: number[] }> {
  const { values, shape } = await readNpy(path, ({ Type, shape }) => {
    if (Type.name !== Expected.name) return `it holds ${Type.name}, expected ${Expected.name}`
    const fits = shape.length === expected.length && expected.every((size, i) => size === null || size === shape[i])
    return fits
      ? null
      : `its shape is (${shape.join(', ')}), expected (${expected.map((size) => size ?? 'any').join(', ')})`
  })
  // The header has just been held against the type.
  return { values: values as A, shape }
}

/**
 * The byte at which the values of an array start that is read piece by piece; the file is as long as they need.
 * @throws EngineError 'file/damaged'
 */
export const readNpyPlace = (
  path: string,
  Expected: { readonly name: string; readonly BYTES_PER_ELEMENT: number },
  expected: number[],
): Promise<number> =>
  withArtefactFile(path, async (file, bytes) => {
    const head = Buffer.alloc(Math.min(bytes, mostHeader))
    await fillFrom(file, path, 0, head)
    const { Type, shape, start } = parseHeader(path, head)
    if (Type.name !== Expected.name || shape.join() !== expected.join())
      throw damagedFile(
        path,
        `it holds ${Type.name} (${shape.join(', ')}), expected ${Expected.name} (${expected.join(', ')})`,
      )
    const length = start + Expected.BYTES_PER_ELEMENT * expected.reduce((product, size) => product * size, 1)
    if (bytes !== length) throw damagedFile(path, `it has ${bytes} bytes, expected ${length}`)
    return start
  })

function parseHeader(path: string, head: Buffer): Header {
  const start = head.length > 10 ? 10 + head.readUInt16LE(8) : 0
  const header = head.toString('latin1', 10, start)
  const [, descr = '', sizes = ''] =
    /^\{'descr': '([^']+)', 'fortran_order': False, 'shape': \(([0-9, ]*)\), \} *\n$/.exec(header) ?? []
  if (!head.subarray(0, magic.length).equals(magic) || !Object.hasOwn(types, descr)) {
    throw damagedFile(path, `it is not a .npy file of this project (found header "${header.slice(0, 60)}")`)
  }
  return {
    Type: types[descr as Descr],
    shape: sizes
      .split(',')
      .filter((part) => part.trim())
      .map(Number),
    start,
  }
}
