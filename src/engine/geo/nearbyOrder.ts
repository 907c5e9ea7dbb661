import type { Points } from './points.ts'

/** Cells of the map along each side: a power of two of at most eight bits. */
const side = 256

/**
 * An order of places in which most of those that follow one another lie near one another, in linear time: by the cells
 * of a grid over the map along Morton's curve (1966). It serves speed alone, so the map's edges and poles do no harm.
 */
export function nearbyOrder({ lat, lon }: Points): Int32Array {
  const count = lat.length
  const cells = new Uint16Array(count)
  const next = new Int32Array(side * side + 1)
  for (let i = 0; i < count; i++) {
    const row = Math.min(side - 1, ((lat[i]! + 90) * (side / 180)) | 0)
    const column = Math.min(side - 1, ((lon[i]! + 180) * (side / 360)) | 0)
    const cell = (spread(row) << 1) | spread(column)
    cells[i] = cell
    next[cell + 1] = next[cell + 1]! + 1
  }
  for (let cell = 0; cell < side * side; cell++) next[cell + 1] = next[cell + 1]! + next[cell]!
  const order = new Int32Array(count)
  for (let i = 0; i < count; i++) {
    const cell = cells[i]!
    order[next[cell]!] = i
    next[cell] = next[cell]! + 1
  }
  return order
}

/** Eight bits with a gap behind each. */
function spread(bits: number): number {
  let spaced = (bits | (bits << 4)) & 0x0f0f
  spaced = (spaced | (spaced << 2)) & 0x3333
  return (spaced | (spaced << 1)) & 0x5555
}
