import type { StageContext } from '#engine/context.ts'
import { pause } from '#engine/pause.ts'
import type { SparseRows } from './vectoriser.ts'

/** Multiplications between two pauses: some tens of milliseconds. */
const workBetweenPauses = 20_000_000

/** Inner products of all pairs of rows, rows x rows. */
export async function linearKernel(
  { starts, columns, values }: SparseRows,
  columnCount: number,
  context: Pick<StageContext, 'signal'>,
): Promise<Float32Array> {
  const count = starts.length - 1
  const kernel = new Float32Array(count * count)
  const sums = new Float64Array(count)
  // The rows so far in which a column stands are walked through, newest first.
  const newest = new Int32Array(columnCount).fill(-1)
  const earlier = new Int32Array(columns.length)
  const rowOf = new Int32Array(columns.length)
  let work = 0
  for (let row = 0; row < count; row++) {
    sums.fill(0, 0, row + 1)
    for (let i = starts[row]!; i < starts[row + 1]!; i++) {
      const column = columns[i]!
      earlier[i] = newest[column]!
      rowOf[i] = row
      newest[column] = i
      const value = values[i]!
      for (let j = i; j >= 0; j = earlier[j]!) {
        sums[rowOf[j]!]! += value * values[j]!
        work++
      }
    }
    for (let other = 0; other <= row; other++) kernel[row * count + other] = kernel[other * count + row] = sums[other]!
    if (work < workBetweenPauses) continue
    work = 0
    await pause(context)
  }
  return kernel
}

/** kernel (n x n) times dense (n x columns). */
export async function kernelTimes(
  kernel: Float32Array,
  dense: Float64Array,
  columns: number,
  context: Pick<StageContext, 'signal'>,
): Promise<Float64Array> {
  const count = dense.length / columns
  const product = new Float64Array(dense.length)
  let work = 0
  for (let row = 0; row < count; row++) {
    const into = product.subarray(row * columns, (row + 1) * columns)
    const from = row * count
    let other = 0
    // Four at a time: each sum is fetched and stored a quarter as often.
    for (; other + 4 <= count; other += 4) {
      const [a, b, c, d] = [
        kernel[from + other]!,
        kernel[from + other + 1]!,
        kernel[from + other + 2]!,
        kernel[from + other + 3]!,
      ]
      const at = other * columns
      for (let column = 0; column < columns; column++) {
        into[column]! +=
          a * dense[at + column]! +
          b * dense[at + columns + column]! +
          (c * dense[at + 2 * columns + column]! + d * dense[at + 3 * columns + column]!)
      }
    }
    for (; other < count; other++) {
      const a = kernel[from + other]!
      for (let column = 0; column < columns; column++) into[column]! += a * dense[other * columns + column]!
    }
    work += count * columns
    if (work < workBetweenPauses) continue
    work = 0
    await pause(context)
  }
  return product
}
