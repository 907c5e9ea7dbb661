import { setImmediate } from 'node:timers/promises'
import type { StageContext } from '#engine/context.ts'
import type { DistinctPlaces } from '#engine/geo/distinctPlaces.ts'
import { SphereIndex } from '#engine/geo/sphereIndex.ts'
import { unitVectors } from '#engine/geo/unitVectors.ts'

export interface Clusters {
  /** Unit vectors of the centroids, x,y,z interleaved, by the clusters' lowest places. */
  vectors: Float64Array
  /** The cluster of each place. */
  clusterOf: Int32Array
}

/** Points whose neighbours are sought between two pauses: some tens of milliseconds. */
const chunk = 10_000

/**
 * The clustering of Point2City: in each round every cluster is joined with its nearest other one (ties: the lower
 * index) where that is strictly nearer than `radiusKm`, and clusters joined through one another become one, at their
 * weighted mean; until no two are that near. `mutual` joins only pairs that are each other's nearest.
 * @param distinct places in an order of their own (distinctPlaces), with weights
 */
export async function clusterPlaces(
  { places, weights: placeWeights }: DistinctPlaces,
  radiusKm: number,
  merge: 'nearest' | 'mutual',
  context: StageContext,
): Promise<Clusters> {
  let vectors = unitVectors(places)
  let weights = placeWeights
  const clusterOf = Int32Array.from(weights.keys())
  const pause = async () => {
    await setImmediate()
    context.signal.throwIfAborted()
  }
  for (let round = 1; ; round++) {
    const count = weights.length
    const index = await SphereIndex.buildPausing(vectors, pause)
    const nearest = new Int32Array(count)
    for (let from = 0; from < count; from += chunk) {
      const to = Math.min(from + chunk, count)
      index.nearestOthers(radiusKm, nearest, from, to)
      context.report({ done: to, total: count, unit: 'points', title: `Joining places, round ${round}` })
      await pause()
    }
    const joined = joinNeighbours(nearest, merge)
    if (joined.count === count) return { vectors, clusterOf }
    ;({ vectors, weights } = meanVectors(vectors, weights, joined))
    for (let i = 0; i < clusterOf.length; i++) clusterOf[i] = joined.clusterOf[clusterOf[i]!]!
  }
}

interface Joined {
  count: number
  /** The new cluster of each old one; new ones are numbered by their lowest old one. */
  clusterOf: Int32Array
}

function joinNeighbours(nearest: Int32Array, merge: 'nearest' | 'mutual'): Joined {
  // Union-find in which a root is the lowest of its set.
  const parent = Int32Array.from(nearest.keys())
  const rootOf = (i: number): number => {
    while (parent[i] !== i) i = parent[i] = parent[parent[i]!]!
    return i
  }
  for (let i = 0; i < nearest.length; i++) {
    const other = nearest[i]!
    if (other < 0 || (merge === 'mutual' && nearest[other] !== i)) continue
    const a = rootOf(i)
    const b = rootOf(other)
    if (a < b) parent[b] = a
    else parent[a] = b
  }
  const clusterOf = new Int32Array(nearest.length)
  let count = 0
  for (let i = 0; i < nearest.length; i++) {
    const root = rootOf(i)
    clusterOf[i] = root === i ? count++ : clusterOf[root]!
  }
  return { count, clusterOf }
}

function meanVectors(
  vectors: Float64Array,
  weights: Float64Array,
  { count, clusterOf }: Joined,
): { vectors: Float64Array; weights: Float64Array } {
  const sums = new Float64Array(3 * count)
  const sumOfWeights = new Float64Array(count)
  const members = new Uint32Array(count)
  const last = new Uint32Array(count)
  for (let i = 0; i < weights.length; i++) {
    const cluster = clusterOf[i]!
    members[cluster]!++
    last[cluster] = i
    sumOfWeights[cluster]! += weights[i]!
    for (let axis = 0; axis < 3; axis++) sums[3 * cluster + axis]! += weights[i]! * vectors[3 * i + axis]!
  }
  for (let cluster = 0; cluster < count; cluster++) {
    const length = Math.hypot(sums[3 * cluster]!, sums[3 * cluster + 1]!, sums[3 * cluster + 2]!)
    // A cluster that nothing joined stays where it is, to the last bit.
    const untouched = members[cluster] === 1
    const keep = 3 * last[cluster]!
    for (let axis = 0; axis < 3; axis++) {
      const at = 3 * cluster + axis
      sums[at] = untouched || length === 0 ? vectors[keep + axis]! : sums[at]! / length
    }
  }
  return { vectors: sums, weights: sumOfWeights }
}
