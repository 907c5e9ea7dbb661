import type { Matrix } from './vectors.ts'

export interface Neighbour {
  row: number
  cosine: number
}

/** The `count` rows of greatest cosine with `row`, itself left out; ties go to the lower row. One pass over the matrix. */
export function neighbours({ rows, columns, values }: Matrix, row: number, count: number): Neighbour[] {
  const own = values.subarray(row * columns, (row + 1) * columns)
  const ownNorm = Math.sqrt(own.reduce((sum, value) => sum + value * value, 0)) || 1
  const best: Neighbour[] = []
  for (let other = 0; other < rows; other++) {
    if (other === row) continue
    let [dot, squares] = [0, 0]
    for (let k = 0, i = other * columns; k < columns; k++, i++) {
      dot += own[k]! * values[i]!
      squares += values[i]! * values[i]!
    }
    const cosine = dot / (ownNorm * (Math.sqrt(squares) || 1))
    if (best.length === count && cosine <= best.at(-1)!.cosine) continue
    const place = best.findIndex((known) => known.cosine < cosine)
    best.splice(place < 0 ? best.length : place, 0, { row: other, cosine })
    if (best.length > count) best.pop()
  }
  return best
}
