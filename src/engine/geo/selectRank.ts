/**
 * Reorders points `left..right` so that the one at position `rank` has the coordinate it would have if they were
 * sorted by `axis`, with none greater before it and none smaller behind it (Floyd and Rivest 1975).
 * @param xyz x,y,z interleaved, moved together with `order`
 */
export function selectRank(
  xyz: Float64Array,
  order: Int32Array,
  axis: number,
  left: number,
  right: number,
  rank: number,
): void {
  while (right > left) {
    if (right - left > 600) {
      const n = right - left + 1
      const m = rank - left + 1
      const z = Math.log(n)
      const s = 0.5 * Math.exp((2 * z) / 3)
      const sd = 0.5 * Math.sqrt((z * s * (n - s)) / n) * (m - n / 2 < 0 ? -1 : 1)
      const newLeft = Math.max(left, Math.floor(rank - (m * s) / n + sd))
      const newRight = Math.min(right, Math.floor(rank + ((n - m) * s) / n + sd))
      selectRank(xyz, order, axis, newLeft, newRight, rank)
    }
    const pivot = xyz[3 * rank + axis]!
    let i = left
    let j = right
    swap(xyz, order, left, rank)
    if (xyz[3 * right + axis]! > pivot) swap(xyz, order, left, right)
    while (i < j) {
      swap(xyz, order, i, j)
      i++
      j--
      while (xyz[3 * i + axis]! < pivot) i++
      while (xyz[3 * j + axis]! > pivot) j--
    }
    if (xyz[3 * left + axis]! === pivot) swap(xyz, order, left, j)
    else {
      j++
      swap(xyz, order, j, right)
    }
    if (j <= rank) left = j + 1
    if (rank <= j) right = j - 1
  }
}

function swap(xyz: Float64Array, order: Int32Array, i: number, j: number): void {
  const point = order[i]!
  order[i] = order[j]!
  order[j] = point
  const [a, b] = [3 * i, 3 * j]
  const x = xyz[a]!
  const y = xyz[a + 1]!
  const z = xyz[a + 2]!
  xyz[a] = xyz[b]!
  xyz[a + 1] = xyz[b + 1]!
  xyz[a + 2] = xyz[b + 2]!
  xyz[b] = x
  xyz[b + 1] = y
  xyz[b + 2] = z
}
