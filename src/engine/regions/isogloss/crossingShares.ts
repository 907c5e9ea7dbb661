import type { EqualAreaGrid } from '../equalAreaGrid.ts'

/**
 * The share of draws whose zero line crosses each cell: where not all of its four corners lie on one side. Cells with a corner that
 * is not among the nodes are left at 0.
 * @param draws draws x nodes, row by row
 * @param nodes of the grid that the draws are of, ascending
 * @returns by node, for the cell of which it is the south-western corner
 */
export function crossingShares(draws: Float32Array, nodes: Int32Array, { columns, rows }: EqualAreaGrid): Float64Array {
  const position = new Int32Array(columns * rows).fill(-1)
  nodes.forEach((node, i) => (position[node] = i))
  const cells: number[] = []
  const corners: number[] = []
  for (const node of nodes) {
    if ((node + 1) % columns === 0 || node + columns >= position.length) continue
    const at = [node, node + 1, node + columns, node + columns + 1].map((corner) => position[corner]!)
    if (at.includes(-1)) continue
    cells.push(node)
    corners.push(...at)
  }
  const of = Int32Array.from(corners)
  const shares = new Float64Array(columns * rows)
  const total = draws.length / nodes.length
  for (let draw = 0; draw < total; draw++) {
    const row = draw * nodes.length
    for (let c = 0, k = 0; c < cells.length; c++, k += 4) {
      const above =
        (draws[row + of[k]!]! > 0 ? 1 : 0) +
        (draws[row + of[k + 1]!]! > 0 ? 1 : 0) +
        (draws[row + of[k + 2]!]! > 0 ? 1 : 0) +
        (draws[row + of[k + 3]!]! > 0 ? 1 : 0)
      if (above !== 0 && above !== 4) shares[cells[c]!]!++
    }
  }
  return shares.map((count) => count / total)
}
