import { arcMillimetres, chordSquaredLimit, toMillimetres } from './arcMillimetres.ts'
import { searchNearest, type NearestQueries } from './searchNearest.ts'
import { growSphereTree, leafSize, type SphereTree } from './sphereTree.ts'

/** Queries of one call: compilers make better code of a function that is called often than of one that loops for long. */
const batch = 4096

/**
 * Neighbours on the sphere, across the antimeridian and the poles, by a k-d tree in space (see SphereTree).
 * Every distance is compared in whole millimetres (see arcMillimetres), ties go to the lower index.
 * Many copies of one place make a search slow: index distinct places (see distinctPlaces).
 */
export class SphereIndex {
  readonly #tree: SphereTree

  private constructor(tree: SphereTree) {
    this.#tree = tree
  }

  /** @param vectors unit vectors, x,y,z interleaved */
  static build(vectors: Float64Array): SphereIndex {
    const growth = growSphereTree(vectors)
    for (let step = growth.next(); ; step = growth.next()) if (step.done) return new SphereIndex(step.value)
  }

  /** As `build`, calling `pause` after each some tens of milliseconds. */
  static async buildPausing(vectors: Float64Array, pause: () => Promise<void>): Promise<SphereIndex> {
    const growth = growSphereTree(vectors)
    for (let step = growth.next(); ; step = growth.next()) {
      if (step.done) return new SphereIndex(step.value)
      await pause()
    }
  }

  get size(): number {
    return this.#tree.size
  }

  /**
   * The point nearest to each of some unit vectors; -1 in an empty index. It takes half the time where vectors that follow
   * one another lie near one another (see inPieces).
   */
  nearest(vectors: Float64Array): Int32Array {
    const found = new Int32Array(vectors.length / 3)
    this.#search({ vectors, order: null, below: Infinity }, found, 0, found.length)
    return found
  }

  /**
   * For a part of the points, numbers `from..to` in an order of the index's own: each one's nearest other point that is
   * strictly nearer than `belowKm`, or -1; written to `found` by point.
   */
  nearestOthers(belowKm: number, found: Int32Array, from = 0, to = this.size): void {
    const { xyz, order } = this.#tree
    this.#search({ vectors: xyz, order, below: toMillimetres(belowKm) }, found, from, to)
  }

  /** Points strictly nearer than `radiusKm` to a unit vector, ascending. */
  within(x: number, y: number, z: number, radiusKm: number): number[] {
    const { size, xyz, order, axes, splits } = this.#tree
    const radius = toMillimetres(radiusKm)
    const limit = chordSquaredLimit(radius)
    const found: number[] = []
    const visit = (node: number, lo: number, hi: number): void => {
      if (hi - lo <= leafSize) {
        for (let p = lo; p < hi; p++) {
          if (arcMillimetres(xyz[3 * p]!, xyz[3 * p + 1]!, xyz[3 * p + 2]!, x, y, z) < radius) found.push(order[p]!)
        }
        return
      }
      const middle = (lo + hi) >> 1
      const axis = axes[node]!
      const offset = (axis === 0 ? x : axis === 1 ? y : z) - splits[node]!
      if (offset <= 0 || offset * offset <= limit) visit(2 * node + 1, lo, middle)
      if (offset >= 0 || offset * offset <= limit) visit(2 * node + 2, middle, hi)
    }
    visit(0, 0, size)
    return found.sort((a, b) => a - b)
  }

  #search(queries: NearestQueries, found: Int32Array, from: number, to: number): void {
    for (let start = from; start < to; start += batch) {
      searchNearest(this.#tree, queries, found, start, Math.min(start + batch, to))
    }
  }
}
