import type { Matrix } from './vectors.ts'

/** The `count` rows of greatest cosine with `row`, itself left out; ties go to the lower row. */
export function neighbours({ rows, columns, values }: Matrix, row: number, count: number): { row: number; cosine: number }[] {
  const normOf = (i: number) => Math.hypot(...values.subarray(i * columns, (i + 1) * columns)) || 1
  const own = values.subarray(row * columns, (row + 1) * columns)
  const ownNorm = normOf(row)
  const found = Array.from({ length: rows }, (_, i) => {
    let dot = 0
    for (let k = 0; k < columns; k++) dot += own[k]! * values[i * columns + k]!
    return { row: i, cosine: dot / (ownNorm * normOf(i)) }
  })
  return found
    .filter((other) => other.row !== row)
    .sort((a, b) => b.cosine - a.cosine || a.row - b.row)
    .slice(0, count)
}
