import { arcMillimetres, chordSquaredLimit, toMillimetres } from './arcMillimetres.ts'
import { ascending } from './ascending.ts'
import { selectRank } from './selectRank.ts'

const leafSize = 8

/**
 * Neighbours on the sphere: a static, balanced k-d tree over unit vectors in space (Bentley 1975), so that the
 * antimeridian and the poles are places like any other. Built in n log n time, 29 bytes a point beside the input.
 * Every distance is compared in whole millimetres (see arcMillimetres), ties go to the lower index.
 * Many copies of one place make a search slow: index distinct places (see distinctPlaces).
 *
 * The points of a node are `lo..hi` of the order; its middle one splits it on `axes[middle]`.
 */
export class SphereIndex {
  readonly size: number
  /** Point at each position of the tree's order. */
  readonly order: Uint32Array
  private readonly xyz: Float64Array
  private readonly axes: Uint8Array

  private constructor(vectors: Float64Array) {
    this.size = vectors.length / 3
    this.order = ascending(this.size)
    this.xyz = vectors.slice()
    this.axes = new Uint8Array(this.size)
  }

  /** @param vectors unit vectors, x,y,z interleaved */
  static build(vectors: Float64Array): SphereIndex {
    const index = new SphereIndex(vectors)
    for (const _ of index.sort()) continue
    return index
  }

  /** As `build`, calling `pause` after each stretch of some tens of milliseconds. */
  static async buildPausing(vectors: Float64Array, pause: () => Promise<void>): Promise<SphereIndex> {
    const index = new SphereIndex(vectors)
    for (const _ of index.sort()) await pause()
    return index
  }

  /** The point nearest to a unit vector; -1 in an empty index. */
  nearest(x: number, y: number, z: number): number {
    return this.search(x, y, z, -1, Infinity)
  }

  /**
   * For the points at positions `from..to` of `order`: each one's nearest other point that is strictly nearer than
   * `belowKm`, or -1; written to `neighbours` by point. In the tree's order, because that is kind to the cache.
   */
  nearestOthers(belowKm: number, neighbours: Int32Array, from = 0, to = this.size): void {
    const below = toMillimetres(belowKm)
    for (let p = from; p < to; p++) {
      const point = this.order[p]!
      neighbours[point] = this.search(this.xyz[3 * p]!, this.xyz[3 * p + 1]!, this.xyz[3 * p + 2]!, point, below)
    }
  }

  /** Points strictly nearer than `radiusKm` to a unit vector, ascending. */
  within(x: number, y: number, z: number, radiusKm: number): number[] {
    const radius = toMillimetres(radiusKm)
    const limit = chordSquaredLimit(radius)
    const found: number[] = []
    const visit = (lo: number, hi: number): void => {
      if (hi - lo <= leafSize) {
        for (let p = lo; p < hi; p++) if (this.millimetresTo(p, x, y, z) < radius) found.push(this.order[p]!)
        return
      }
      const middle = (lo + hi) >> 1
      if (this.millimetresTo(middle, x, y, z) < radius) found.push(this.order[middle]!)
      const axis = this.axes[middle]!
      const offset = (axis === 0 ? x : axis === 1 ? y : z) - this.xyz[3 * middle + axis]!
      if (offset <= 0 || offset * offset <= limit) visit(lo, middle)
      if (offset >= 0 || offset * offset <= limit) visit(middle + 1, hi)
    }
    visit(0, this.size)
    return found.sort((a, b) => a - b)
  }

  /** Nearest point but `except`, strictly nearer than `below` millimetres. */
  private search(x: number, y: number, z: number, except: number, below: number): number {
    const { xyz, order, axes } = this
    let best = -1
    let bestMillimetres = below
    let limit = chordSquaredLimit(below)
    const consider = (p: number): void => {
      const dx = xyz[3 * p]! - x
      const dy = xyz[3 * p + 1]! - y
      const dz = xyz[3 * p + 2]! - z
      if (dx * dx + dy * dy + dz * dz > limit) return
      const point = order[p]!
      if (point === except) return
      const millimetres = this.millimetresTo(p, x, y, z)
      // With nothing found yet `best` is -1 and no index is lower: a tie with `below` itself does not count.
      if (millimetres > bestMillimetres || (millimetres === bestMillimetres && point > best)) return
      best = point
      bestMillimetres = millimetres
      limit = chordSquaredLimit(millimetres)
    }
    // ox, oy, oz: how far the node's box lies from the point along each axis (Arya and Mount 1993).
    const visit = (lo: number, hi: number, ox: number, oy: number, oz: number): void => {
      if (hi - lo <= leafSize) {
        for (let p = lo; p < hi; p++) consider(p)
        return
      }
      const middle = (lo + hi) >> 1
      const axis = axes[middle]!
      const offset = (axis === 0 ? x : axis === 1 ? y : z) - xyz[3 * middle + axis]!
      if (offset <= 0) visit(lo, middle, ox, oy, oz)
      else visit(middle + 1, hi, ox, oy, oz)
      consider(middle)
      if (axis === 0) ox = offset
      else if (axis === 1) oy = offset
      else oz = offset
      if (ox * ox + oy * oy + oz * oz > limit) return
      if (offset <= 0) visit(middle + 1, hi, ox, oy, oz)
      else visit(lo, middle, ox, oy, oz)
    }
    visit(0, this.size, 0, 0, 0)
    return best
  }

  private millimetresTo(p: number, x: number, y: number, z: number): number {
    return arcMillimetres(this.xyz[3 * p]!, this.xyz[3 * p + 1]!, this.xyz[3 * p + 2]!, x, y, z)
  }

  /** Sorts the order into a tree; yields after each stretch of work. */
  private *sort(): Generator<void> {
    const nodes: [lo: number, hi: number][] = [[0, this.size]]
    let work = 0
    for (let node = nodes.pop(); node; node = nodes.pop()) {
      const [lo, hi] = node
      if (hi - lo <= leafSize) continue
      const middle = (lo + hi) >> 1
      const axis = this.widestAxis(lo, hi)
      this.axes[middle] = axis
      selectRank(this.xyz, this.order, axis, lo, hi - 1, middle)
      nodes.push([middle + 1, hi], [lo, middle])
      work += hi - lo
      if (work > 500_000) {
        work = 0
        yield
      }
    }
  }

  private widestAxis(lo: number, hi: number): number {
    let widest = 0
    let width = -1
    for (let axis = 0; axis < 3; axis++) {
      let low = Infinity
      let high = -Infinity
      for (let i = 3 * lo + axis; i < 3 * hi; i += 3) {
        const value = this.xyz[i]!
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
}
