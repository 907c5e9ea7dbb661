import type { StageContext } from '#engine/context.ts'
import { distinctPlaces } from '#engine/geo/distinctPlaces.ts'
import type { Points } from '#engine/geo/points.ts'
import { SphereIndex } from '#engine/geo/sphereIndex.ts'
import { placesOf, unitVectors } from '#engine/geo/unitVectors.ts'
import { pause } from '#engine/pause.ts'
import { seededRandom, type Random } from '#engine/random.ts'

export interface KMeans {
  /** At most as many as were asked for: no more than there are places. */
  centres: Points
  clusterOfPoint: Int32Array
  /** Sum over points of squared chords from their centre, on the unit sphere. */
  inertia: number
}

/** Beginnings, of which the one with the least inertia is kept: one alone may end a hundredth or two above it. */
const starts = 4
const mostSteps = 300

/**
 * k-means on the sphere: centres are mean vectors brought back to it, distances chords. It begins with greedy k-means++
 * (Arthur and Vassilvitskii 2007; of 2 + ln k candidates the one that leaves the least), goes on until no place changes its
 * cluster, and gives an empty cluster the place that is farthest from its centre. Ties go to the lower centre.
 */
export async function kMeans(
  points: Points,
  { clusters, seed }: { clusters: number; seed: number },
  context: StageContext,
): Promise<KMeans> {
  const { places, weights, placeOf } = await distinctPlaces(points, context)
  const vectors = unitVectors(places)
  const count = Math.min(clusters, weights.length)
  const random = seededRandom(seed, 47)
  let best: { centres: Float64Array; clusterOf: Int32Array; inertia: number } | null = null
  for (let start = 0; start < starts; start++) {
    const found = await descend(vectors, weights, await firstCentres(vectors, weights, count, random, context), context)
    if (best === null || found.inertia < best.inertia) best = found
  }
  const { centres, clusterOf, inertia } = best!
  return { centres: placesOf(centres), clusterOfPoint: placeOf.map((place) => clusterOf[place]!), inertia }
}

/** Moves centres to the means of their places until no place changes its cluster. */
async function descend(vectors: Float64Array, weights: Float64Array, first: Float64Array, context: StageContext) {
  let centres = first
  let clusterOf: Int32Array = new Int32Array(weights.length).fill(-1)
  for (let step = 0; step < mostSteps; step++) {
    context.report({ done: step, total: mostSteps, unit: 'steps', title: 'k-means' })
    await pause(context)
    const found = SphereIndex.build(centres).nearest(vectors)
    const moved = found.some((cluster, place) => cluster !== clusterOf[place])
    clusterOf = found
    if (!moved) break
    centres = meansOf(vectors, weights, clusterOf, centres.length / 3)
  }
  let inertia = 0
  clusterOf.forEach((cluster, place) => (inertia += weights[place]! * squaredChord(vectors, place, centres, cluster)))
  return { centres, clusterOf, inertia }
}

async function firstCentres(
  vectors: Float64Array,
  weights: Float64Array,
  count: number,
  random: Random,
  context: StageContext,
): Promise<Float64Array> {
  const places = weights.length
  const trials = 2 + Math.floor(Math.log(count))
  const centres = new Float64Array(3 * count)
  const left = new Float64Array(places).fill(Infinity)
  const sums = new Float64Array(places)
  for (let chosen = 0; chosen < count; chosen++) {
    if (chosen % 20 === 0) await pause(context)
    let total = 0
    for (let place = 0; place < places; place++)
      sums[place] = total += weights[place]! * (chosen === 0 ? 1 : left[place]!)
    let [best, least] = [-1, Infinity]
    for (let trial = 0; trial < (chosen === 0 ? 1 : trials); trial++) {
      const candidate = firstAbove(sums, random.next() * total)
      let rest = 0
      for (let place = 0; place < places && rest < least; place++)
        rest += weights[place]! * Math.min(left[place]!, squaredChord(vectors, place, vectors, candidate))
      if (rest < least) [best, least] = [candidate, rest]
    }
    centres.set(vectors.subarray(3 * best, 3 * best + 3), 3 * chosen)
    for (let place = 0; place < places; place++)
      left[place] = Math.min(left[place]!, squaredChord(vectors, place, vectors, best))
  }
  return centres
}

/** The first of ascending sums above a value. */
function firstAbove(sums: Float64Array, value: number): number {
  let [low, high] = [0, sums.length - 1]
  while (low < high) {
    const middle = (low + high) >> 1
    if (sums[middle]! > value) high = middle
    else low = middle + 1
  }
  return low
}

function squaredChord(a: Float64Array, i: number, b: Float64Array, j: number): number {
  const dx = a[3 * i]! - b[3 * j]!
  const dy = a[3 * i + 1]! - b[3 * j + 1]!
  const dz = a[3 * i + 2]! - b[3 * j + 2]!
  return dx * dx + dy * dy + dz * dz
}

/** Mean vectors of clusters, brought back to the sphere; an empty one gets the place that is farthest from its own centre. */
function meansOf(vectors: Float64Array, weights: Float64Array, clusterOf: Int32Array, count: number): Float64Array {
  const centres = new Float64Array(3 * count)
  const sizes = new Float64Array(count)
  clusterOf.forEach((cluster, place) => {
    sizes[cluster]! += weights[place]!
    for (let axis = 0; axis < 3; axis++) centres[3 * cluster + axis]! += weights[place]! * vectors[3 * place + axis]!
  })
  for (let cluster = 0; cluster < count; cluster++) {
    const at = 3 * cluster
    const length = Math.hypot(centres[at]!, centres[at + 1]!, centres[at + 2]!)
    if (length > 0) for (let axis = 0; axis < 3; axis++) centres[at + axis]! /= length
  }
  const taken = new Set<number>()
  sizes.forEach((size, cluster) => {
    if (size > 0) return
    let [farthest, most] = [0, -1]
    clusterOf.forEach((own, place) => {
      const far = taken.has(place) ? -1 : squaredChord(vectors, place, centres, own)
      if (far > most) [farthest, most] = [place, far]
    })
    taken.add(farthest)
    centres.set(vectors.subarray(3 * farthest, 3 * farthest + 3), 3 * cluster)
  })
  return centres
}
