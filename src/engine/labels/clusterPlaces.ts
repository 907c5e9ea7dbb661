import type { StageContext } from '#engine/context.ts'
import { range } from '#engine/geo/range.ts'
import { SphereIndex } from '#engine/geo/sphereIndex.ts'
import { pause } from '#engine/pause.ts'

export interface Clusters {
  /** Unit vectors of the centroids, x,y,z interleaved, by the clusters' lowest places. */
  vectors: Float64Array
  /** The cluster of each place. */
  clusterOf: Int32Array
}

/** Points whose neighbours are sought between two pauses: some tens of milliseconds. */
const chunk = 100_000

/**
 * The clustering of Point2City: in each round every cluster is joined with its nearest other one (ties: the lower
 * index) where that is strictly nearer than `radiusKm`, and clusters joined through one another become one, at their
 * weighted mean; until no two are that near. `mutual` joins only pairs that are each other's nearest.
 * @param vectors of distinct places in an order of their own (distinctPlaces), x,y,z interleaved
 * @param weights of the places
 * @param firstNeighbours what `neighboursWithin` gives for the places, where that is known
 */
export async function clusterPlaces(
  vectors: Float64Array,
  weights: Float64Array,
  radiusKm: number,
  merge: 'nearest' | 'mutual',
  context: StageContext,
  firstNeighbours?: Int32Array,
): Promise<Clusters> {
  let clusterOf: Int32Array | null = null
  for (let round = 1; ; round++) {
    const known = round === 1 ? firstNeighbours : undefined
    const nearest = known ?? (await neighboursWithin(vectors, radiusKm, `Joining places, round ${round}`, context))
    const joined = joinNeighbours(nearest, merge)
    await pause(context)
    if (joined.count === weights.length) return { vectors, clusterOf: clusterOf ?? joined.clusterOf }
    ;({ vectors, weights } = meanVectors(vectors, weights, joined))
    if (clusterOf === null) clusterOf = joined.clusterOf
    else for (let i = 0; i < clusterOf.length; i++) clusterOf[i] = joined.clusterOf[clusterOf[i]!]!
    await pause(context)
  }
}

/** For each vector the nearest other one that is strictly nearer than `radiusKm` (ties: the lower index), or -1. */
export async function neighboursWithin(
  vectors: Float64Array,
  radiusKm: number,
  title: string,
  context: StageContext,
): Promise<Int32Array> {
  const index = await SphereIndex.buildPausing(vectors, () => pause(context))
  const total = index.size
  const nearest = new Int32Array(total)
  for (let from = 0; from < total; from += chunk) {
    const to = Math.min(from + chunk, total)
    index.nearestOthers(radiusKm, nearest, from, to)
    context.report({ done: to, total, unit: 'points', title })
    await pause(context)
  }
  return nearest
}

interface Joined {
  count: number
  /** The new cluster of each old one; new ones are numbered by their lowest old one. */
  clusterOf: Int32Array
}

function joinNeighbours(nearest: Int32Array, merge: 'nearest' | 'mutual'): Joined {
  // Union-find in which a root is the lowest of its set.
  const parent = range(nearest.length)
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
  const members = new Int32Array(count)
  const last = new Int32Array(count)
  for (let i = 0; i < weights.length; i++) {
    const cluster = clusterOf[i]!
    const weight = weights[i]!
    members[cluster] = members[cluster]! + 1
    last[cluster] = i
    sumOfWeights[cluster] = sumOfWeights[cluster]! + weight
    sums[3 * cluster] = sums[3 * cluster]! + weight * vectors[3 * i]!
    sums[3 * cluster + 1] = sums[3 * cluster + 1]! + weight * vectors[3 * i + 1]!
    sums[3 * cluster + 2] = sums[3 * cluster + 2]! + weight * vectors[3 * i + 2]!
  }
  for (let cluster = 0; cluster < count; cluster++) {
    const at = 3 * cluster
    const [x, y, z] = [sums[at]!, sums[at + 1]!, sums[at + 2]!]
    const length = Math.sqrt(x * x + y * y + z * z)
    // A cluster that nothing joined stays where it is, to the last bit; so does one of opposite places.
    const untouched = members[cluster] === 1 || length === 0
    const keep = 3 * last[cluster]!
    sums[at] = untouched ? vectors[keep]! : x / length
    sums[at + 1] = untouched ? vectors[keep + 1]! : y / length
    sums[at + 2] = untouched ? vectors[keep + 2]! : z / length
  }
  return { vectors: sums, weights: sumOfWeights }
}
