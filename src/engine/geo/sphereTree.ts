import { range } from './range.ts'
import { selectRank } from './selectRank.ts'

/** Points that a leaf holds at most: fewer take longer to sort than they save in a search. */
export const leafSize = 16
const sample = 64
/** In points moved: some tens of milliseconds. */
const workBetweenPauses = 1_000_000

/**
 * A static, balanced k-d tree over unit vectors in space (Bentley 1975), so that the antimeridian and the poles are
 * places like any other. Node k holds points `lo..hi` of the order. Where they are more than a leaf's, its children
 * 2k + 1 and 2k + 2 hold those before the middle, (lo + hi) >> 1, and those from there on: along `axes[k]` the former
 * are at most `splits[k]`, the latter at least.
 */
export interface SphereTree {
  size: number
  /** Point at each position of the tree's order. */
  order: Int32Array
  /** Vectors in that order, x,y,z interleaved. */
  xyz: Float64Array
  axes: Uint8Array
  splits: Float64Array
}

/**
 * Builds a tree in n log n time, 30 bytes a point; yields after each `workBetweenPauses`.
 * @param vectors unit vectors, x,y,z interleaved
 */
export function* growSphereTree(vectors: Float64Array): Generator<void, SphereTree> {
  const size = vectors.length / 3
  const inner = size > leafSize ? 2 ** Math.ceil(Math.log2(size / leafSize)) : 0
  const order = range(size)
  const xyz = vectors.slice()
  const axes = new Uint8Array(inner)
  const splits = new Float64Array(inner)
  const nodes: [node: number, lo: number, hi: number][] = [[0, 0, size]]
  let work = 0
  for (let next = nodes.pop(); next; next = nodes.pop()) {
    const [node, lo, hi] = next
    if (hi - lo <= leafSize) continue
    const middle = (lo + hi) >> 1
    const axis = widestAxis(xyz, lo, hi)
    selectRank(xyz, order, axis, lo, hi - 1, middle)
    axes[node] = axis
    splits[node] = xyz[3 * middle + axis]!
    nodes.push([2 * node + 2, middle, hi], [2 * node + 1, lo, middle])
    work += hi - lo
    if (work < workBetweenPauses) continue
    work = 0
    yield
  }
  return { size, order, xyz, axes, splits }
}

/** The axis along which the points are most spread, by a sample of them. */
function widestAxis(xyz: Float64Array, lo: number, hi: number): number {
  const step = Math.max(1, Math.floor((hi - lo) / sample))
  let widest = 0
  let width = -1
  for (let axis = 0; axis < 3; axis++) {
    let low = Infinity
    let high = -Infinity
    for (let p = lo; p < hi; p += step) {
      const value = xyz[3 * p + axis]!
      if (value < low) low = value
      if (value > high) high = value
    }
    if (high - low > width) {
      width = high - low
      widest = axis
    }
  }
  return widest
}
