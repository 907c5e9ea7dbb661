import { setFlagsFromString } from 'node:v8'
import { layOutAreas } from '#engine/memoryAreas.ts'
import kernel from './assembly/products.ts?wasm'

/** Dense products in WebAssembly, on this thread: what the isogloss does most of. */

interface ProductKernel {
  weightedGram(x: number, w: number, rows: number, width: number, scratch: number, into: number): void
  packRows(rows: number, count: number, width: number, size: number, into: number): void
  multiply(a: number, b: number, rows: number, columns: number, width: number, into: number): void
  sumRows(rows: number, width: number, picks: number, ends: number, lists: number, into: number): void
}

const pageBytes = 65_536
/** Of panels in the kernel. */
const panelRows = 256

let loaded: { memory: WebAssembly.Memory; kernel: ProductKernel } | null = null

/** The kernel with a memory of at least so many bytes. */
function kernelWith(bytes: number): { buffer: ArrayBufferLike; kernel: ProductKernel } {
  if (loaded === null) {
    const memory = new WebAssembly.Memory({ initial: 1, maximum: 65_536, shared: true })
    const { exports } = new WebAssembly.Instance(compiled(), { env: { memory } })
    loaded = { memory, kernel: exports as unknown as ProductKernel }
  }
  const missing = bytes - loaded.memory.buffer.byteLength
  if (missing > 0) loaded.memory.grow(Math.ceil(missing / pageBytes))
  return { buffer: loaded.memory.buffer, kernel: loaded.kernel }
}

/** With fused multiply-add wherever the machine has it, as the embeddings' kernel is: Node 20 hides it behind a flag. */
function compiled(): WebAssembly.Module {
  const relaxed = Buffer.from(kernel.relaxedSimd, 'base64')
  if (!WebAssembly.validate(relaxed)) setFlagsFromString('--experimental-wasm-relaxed-simd')
  return new WebAssembly.Module(WebAssembly.validate(relaxed) ? relaxed : Buffer.from(kernel.simd, 'base64'))
}

/**
 * X' diag(w) X into the lower triangle of a width x width matrix.
 * @param x rows x width, row by row
 */
export function weightedGram(x: Float64Array, w: Float64Array, width: number, into: Float64Array): void {
  const rows = w.length
  const blocks = Math.ceil(width / 4)
  const scratchBytes = 2 * blocks * panelRows * 32 + blocks * (blocks + 1) * 64
  const [atX, atW, atScratch, atResult, end] = layOutAreas([
    8 * rows * width,
    8 * rows,
    scratchBytes,
    8 * width * width,
  ])
  const { buffer, kernel } = kernelWith(end!)
  new Float64Array(buffer, atX, rows * width).set(x.subarray(0, rows * width))
  new Float64Array(buffer, atW, rows).set(w)
  kernel.weightedGram(atX!, atW!, rows, width, atScratch!, atResult!)
  const result = new Float64Array(buffer, atResult, width * width)
  for (let i = 0; i < width; i++) into.set(result.subarray(i * width, i * width + i + 1), i * width)
}

/** Rows of B that are worked on at a time. */
const chunkRows = 2048

/**
 * A B' in single precision: products of each row of A with each row of B.
 * @param a rows x width, row by row
 * @param b columns x width, row by row
 * @param into rows x columns, row by row
 */
export function multiplyRows(a: Float32Array, b: Float32Array, width: number, into: Float32Array): void {
  const [rows, columns] = [a.length / width, b.length / width]
  const chunk = Math.min(chunkRows, Math.ceil(columns / 8) * 8)
  const wholeRows = Math.ceil(rows / 4) * 4
  const [atA, atPackedA, atB, atPackedB, atResult, end] = layOutAreas([
    4 * a.length,
    4 * wholeRows * width,
    4 * chunk * width,
    4 * chunk * width,
    4 * wholeRows * chunk,
  ])
  const { buffer, kernel } = kernelWith(end!)
  new Float32Array(buffer, atA, a.length).set(a)
  kernel.packRows(atA!, rows, width, 4, atPackedA!)
  for (let from = 0; from < columns; from += chunk) {
    const count = Math.min(chunk, columns - from)
    new Float32Array(buffer, atB, count * width).set(b.subarray(from * width, (from + count) * width))
    kernel.packRows(atB!, count, width, 8, atPackedB!)
    kernel.multiply(atPackedA!, atPackedB!, rows, count, width, atResult!)
    const stride = Math.ceil(count / 8) * 8
    const result = new Float32Array(buffer, atResult, wholeRows * stride)
    for (let row = 0; row < rows; row++)
      into.set(result.subarray(row * stride, row * stride + count), row * columns + from)
  }
}

/** Columns that the kernel adds up at a time. */
const sumColumns = 32

/**
 * Of each list the sum of the rows that it names, in single precision.
 * @param rows n x width, row by row
 * @param picks numbers of rows, list after list
 * @param ends where each list ends among the picks
 * @param into lists x width, row by row
 */
export function sumRows(
  rows: Float32Array,
  width: number,
  { picks, ends }: { picks: Int32Array; ends: Int32Array },
  into: Float32Array,
): void {
  const [count, lists] = [rows.length / width, ends.length]
  const wholeWidth = Math.ceil(width / sumColumns) * sumColumns
  const [atRows, atPicks, atEnds, atResult, end] = layOutAreas([
    4 * count * wholeWidth,
    4 * picks.length,
    4 * lists,
    4 * lists * wholeWidth,
  ])
  const { buffer, kernel } = kernelWith(end!)
  const whole = new Float32Array(buffer, atRows, count * wholeWidth)
  for (let row = 0; row < count; row++) whole.set(rows.subarray(row * width, (row + 1) * width), row * wholeWidth)
  new Int32Array(buffer, atPicks, picks.length).set(picks)
  new Int32Array(buffer, atEnds, lists).set(ends)
  kernel.sumRows(atRows!, wholeWidth, atPicks!, atEnds!, lists, atResult!)
  const result = new Float32Array(buffer, atResult, lists * wholeWidth)
  for (let list = 0; list < lists; list++)
    into.set(result.subarray(list * wholeWidth, list * wholeWidth + width), list * width)
}
