import type { BuiltKdTree, KdTree } from './kdTree.ts'

/**
 * The tree that a larger bucket gives, without building it: splits do not depend on the bucket, so it is the tree of the
 * smaller one cut off where a node holds few enough points.
 * @param bucket at least the one of the built tree
 * @returns the tree, and its cell for each cell of the finer one
 */
export function coarserKdTree({ tree, counts }: BuiltKdTree, bucket: number): { tree: KdTree; cellOfCell: Int32Array } {
  const { nodes } = tree
  const count = nodes.length / 3
  // The nodes below a node follow it at once: where they end.
  const ends = new Int32Array(count)
  for (let node = count - 1; node >= 0; node--)
    ends[node] = nodes[3 * node]! < 0 ? node + 1 : ends[nodes[3 * node + 2]!]!

  const kept: { node: number; cell: number | null }[] = []
  const rank = new Int32Array(count)
  const cellOfCell = new Int32Array(tree.cells)
  let cells = 0
  for (let node = 0; node < count;) {
    rank[node] = kept.length
    if (nodes[3 * node]! >= 0 && counts[node]! > bucket) {
      kept.push({ node: node++, cell: null })
      continue
    }
    const end = ends[node]!
    kept.push({ node, cell: cells })
    for (; node < end; node++) if (nodes[3 * node]! < 0) cellOfCell[nodes[3 * node + 1]!] = cells
    cells++
  }
  const coarser = new Float64Array(3 * kept.length)
  kept.forEach(({ node, cell }, k) => {
    const [axis, split, right] = nodes.subarray(3 * node, 3 * node + 3)
    coarser.set(cell === null ? [axis!, split!, rank[right!]!] : [-1, cell, 0], 3 * k)
  })
  return { tree: { nodes: coarser, cells }, cellOfCell }
}
