import { arcMillimetres, chordSquaredLimit } from './arcMillimetres.ts'
import { earthRadiusKm } from '#pure/greatCircle.ts'
import { leafSize, type SphereTree } from './sphereTree.ts'

/** Chords that differ by more belong to arcs that differ by more than a millimetre; a little generous. */
const chordOfMillimetre = 1.02e-6 / earthRadiusKm
/** A balanced tree of 2^32 points has no more levels. */
const levels = 32
const pendingNodes = new Int32Array(3 * levels)
const pendingOffsets = new Float64Array(3 * levels)

export interface NearestQueries {
  /** x,y,z interleaved; best where those that follow one another lie near one another. */
  vectors: Float64Array
  /** The tree's own order where the vectors are its own, so that no point finds itself; else null. */
  order: Int32Array | null
  /** In whole millimetres; only what is strictly nearer is found. */
  below: number
}

/**
 * The nearest point to each of the queries `from..to`, written to `found` by query, for the tree's own by point; -1 where
 * none is near enough. Distances are compared in whole millimetres, and ties go to the lower point.
 *
 * Nearly all the time that labels take is spent here, hence one function with flat loops (numbers passed to a function
 * that is not inlined are boxed), a search that starts where the answer to the query before is, and as few arc sines as
 * can be: squared chords under `sure` are nearer than the best by more than a millimetre, those above `limit` farther.
 */
export function searchNearest(
  tree: SphereTree,
  { vectors, order: ownOrder, below }: NearestQueries,
  found: Int32Array,
  from: number,
  to: number,
): void {
  const { xyz, order, axes, splits, size } = tree
  const others = ownOrder !== null
  const outset = chordSquaredLimit(below)
  const outsetSure = outset === Infinity ? Infinity : squareOf(Math.sqrt(outset) - 3 * chordOfMillimetre)
  let last = 0
  for (let query = from; query < to; query++) {
    const at = 3 * query
    const x = vectors[at]!
    const y = vectors[at + 1]!
    const z = vectors[at + 2]!
    const self = others ? query : -1
    let best = -1
    let bestPoint = -1
    // NaN while it need not be known.
    let bestMillimetres = below
    let limit = outset
    let sure = outsetSure
    // First the neighbours in the order, or the last answer, as if they were a leaf; then the tree from its root.
    let node = 0
    let lo = others ? Math.max(query - 1, 0) : last
    let hi = Math.min(others ? query + 2 : last + 1, size)
    // How far the node's box lies from the point along each axis (Arya and Mount 1993).
    let ox = 0
    let oy = 0
    let oz = 0
    let pending = 3
    pendingOffsets[0] = pendingOffsets[1] = pendingOffsets[2] = 0
    pendingNodes[0] = pendingNodes[1] = 0
    pendingNodes[2] = size
    for (;;) {
      while (hi - lo > leafSize) {
        const axis = axes[node]!
        const offset = vectors[at + axis]! - splits[node]!
        const middle = (lo + hi) >> 1
        const fx = axis === 0 ? offset : ox
        const fy = axis === 1 ? offset : oy
        const fz = axis === 2 ? offset : oz
        const right = offset >= 0
        if (fx * fx + fy * fy + fz * fz <= limit) {
          pendingOffsets[pending] = fx
          pendingOffsets[pending + 1] = fy
          pendingOffsets[pending + 2] = fz
          pendingNodes[pending] = right ? 2 * node + 1 : 2 * node + 2
          pendingNodes[pending + 1] = right ? lo : middle
          pendingNodes[pending + 2] = right ? middle : hi
          pending += 3
        }
        node = right ? 2 * node + 2 : 2 * node + 1
        if (right) lo = middle
        else hi = middle
      }
      for (let p = lo; p < hi; p++) {
        const dx = xyz[3 * p]! - x
        const dy = xyz[3 * p + 1]! - y
        const dz = xyz[3 * p + 2]! - z
        const chordSquared = dx * dx + dy * dy + dz * dz
        if (chordSquared > limit || p === self || p === best) continue
        const point = order[p]!
        if (chordSquared < sure) bestMillimetres = NaN
        else {
          if (Number.isNaN(bestMillimetres)) bestMillimetres = millimetresBetween(xyz, 3 * best, vectors, at)
          const millimetres = millimetresBetween(xyz, 3 * p, vectors, at)
          // With nothing found yet `bestPoint` is -1 and no point is lower: a tie with `below` does not count.
          if (millimetres > bestMillimetres || (millimetres === bestMillimetres && point > bestPoint)) continue
          bestMillimetres = millimetres
        }
        best = p
        bestPoint = point
        const chord = Math.sqrt(chordSquared)
        limit = squareOf(chord + chordOfMillimetre)
        sure = squareOf(chord - chordOfMillimetre)
      }
      let more = false
      while (pending > 0 && !more) {
        pending -= 3
        ox = pendingOffsets[pending]!
        oy = pendingOffsets[pending + 1]!
        oz = pendingOffsets[pending + 2]!
        node = pendingNodes[pending]!
        lo = pendingNodes[pending + 1]!
        hi = pendingNodes[pending + 2]!
        more = ox * ox + oy * oy + oz * oz <= limit
      }
      if (!more) break
    }
    if (best >= 0) last = best
    found[ownOrder ? ownOrder[query]! : query] = bestPoint
  }
}

/** The square of a chord; below zero for a chord of less than nothing, as no squared chord is. */
const squareOf = (chord: number) => (chord > 0 ? chord * chord : -1)

function millimetresBetween(a: Float64Array, i: number, b: Float64Array, j: number): number {
  return arcMillimetres(a[i]!, a[i + 1]!, a[i + 2]!, b[j]!, b[j + 1]!, b[j + 2]!)
}
