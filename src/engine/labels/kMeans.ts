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
/** Of the inertia: what a step must gain for another one. */
const leastGain = 1e-4

/**
 * k-means on the sphere: centres are mean vectors brought back to it, distances chords. It begins with greedy k-means++
 * (Arthur and Vassilvitskii 2007; of 2 + ln k candidates the one that leaves the least), goes on until hardly any place changes its
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

/**
 * Moves centres to the means of their places until no place changes its cluster, or a step lessens the inertia by less than
 * a ten-thousandth, which no start could be told by.
 */
async function descend(vectors: Float64Array, weights: Float64Array, first: Float64Array, context: StageContext) {
  let centres = first
  const clusterOf = SphereIndex.build(centres).nearest(vectors)
  let inertia = Infinity
  for (let step = 0; step < mostSteps; step++) {
    context.report({ done: step, total: mostSteps, unit: 'steps', title: 'k-means' })
    await pause(context)
    centres = meansOf(vectors, weights, clusterOf, centres.length / 3)
    const { moved, left } = reassign(vectors, weights, centres, clusterOf)
    const gain = inertia - left
    inertia = left
    if (moved === 0 || gain < leastGain * inertia) break
  }
  return { centres, clusterOf, inertia }
}

/**
 * Gives each place its nearest centre (ties: the lower). By the triangle inequality only centres within twice a place's
 * distance from its own one can be nearer, so that each centre's neighbours are met by distance and few of them
 * (Phillips 2002, "Acceleration of k-means and related clustering algorithms").
 */
function reassign(vectors: Float64Array, weights: Float64Array, centres: Float64Array, clusterOf: Int32Array) {
  const own = new Float64Array(clusterOf.length)
  const farthest = new Float64Array(centres.length / 3)
  for (let place = 0; place < clusterOf.length; place++) {
    const cluster = clusterOf[place]!
    const squared = squaredChord(vectors, place, centres, cluster)
    own[place] = squared
    if (squared > farthest[cluster]!) farthest[cluster] = squared
  }
  const { starts, neighbours, squares } = neighboursWithin(centres, farthest)
  let [moved, left] = [0, 0]
  for (let place = 0; place < clusterOf.length; place++) {
    const cluster = clusterOf[place]!
    const reach = 4 * own[place]!
    let best = cluster
    let least = own[place]!
    const x = vectors[3 * place]!
    const y = vectors[3 * place + 1]!
    const z = vectors[3 * place + 2]!
    for (let i = starts[cluster]!; i < starts[cluster + 1]! && squares[i]! <= reach; i++) {
      const other = neighbours[i]!
      const dx = x - centres[3 * other]!
      const dy = y - centres[3 * other + 1]!
      const dz = z - centres[3 * other + 2]!
      const squared = dx * dx + dy * dy + dz * dz
      if (squared < least || (squared === least && other < best)) {
        best = other
        least = squared
      }
    }
    if (best !== cluster) moved++
    clusterOf[place] = best
    left += weights[place]! * least
  }
  return { moved, left }
}

/** The centres within twice the distance of each one's farthest place, nearest first: those of c from `starts[c]` on. */
function neighboursWithin(centres: Float64Array, farthest: Float64Array) {
  const count = farthest.length
  const starts = new Int32Array(count + 1)
  const neighbours: number[] = []
  const squares: number[] = []
  const near = new Float64Array(count)
  for (let cluster = 0; cluster < count; cluster++) {
    const found: number[] = []
    const [x, y, z] = [centres[3 * cluster]!, centres[3 * cluster + 1]!, centres[3 * cluster + 2]!]
    const reach = 4 * farthest[cluster]!
    for (let other = 0; other < count; other++) {
      const dx = x - centres[3 * other]!
      const dy = y - centres[3 * other + 1]!
      const dz = z - centres[3 * other + 2]!
      near[other] = dx * dx + dy * dy + dz * dz
      if (near[other]! <= reach && other !== cluster) found.push(other)
    }
    found.sort((a, b) => near[a]! - near[b]! || a - b)
    for (const other of found) {
      neighbours.push(other)
      squares.push(near[other]!)
    }
    starts[cluster + 1] = neighbours.length
  }
  return { starts, neighbours: Int32Array.from(neighbours), squares: Float64Array.from(squares) }
}

/** Greedy k-means++: of some places drawn by squared distance from the centres so far, the one that leaves the least. */
async function firstCentres(
  vectors: Float64Array,
  weights: Float64Array,
  count: number,
  random: Random,
  context: StageContext,
): Promise<Float64Array> {
  const places = weights.length
  const trials = 2 + Math.floor(Math.log(count))
  const cells = new GrowingCells(vectors, weights, count)
  const sums = new Float64Array(places)
  for (let chosen = 0; chosen < count; chosen++) {
    if (chosen % 20 === 0) await pause(context)
    let total = 0
    for (let place = 0; place < places; place++) {
      total += weights[place]! * (chosen === 0 ? 1 : cells.left[place]!)
      sums[place] = total
    }
    let best = firstAbove(sums, random.next() * total)
    let least = chosen === 0 ? 0 : cells.leftWith(best)
    for (let trial = 1; chosen > 0 && trial < trials; trial++) {
      const candidate = firstAbove(sums, random.next() * total)
      const rest = cells.leftWith(candidate)
      if (rest >= least) continue
      best = candidate
      least = rest
    }
    cells.add(best)
  }
  return cells.centres
}

/**
 * Places by their nearest centre while centres are added. A centre that lies twice as far from another one as any of its
 * places takes none of them, by the triangle inequality, so that most cells are never looked into.
 */
class GrowingCells {
  readonly centres: Float64Array
  /** Squared chord of each place from its centre. */
  readonly left: Float64Array
  private size = 0
  /** Places of a cell as a list: its first, and after each place the next one; -1 at the end. */
  private readonly first: Int32Array
  private readonly next: Int32Array
  /** Of each cell's places: the greatest squared chord, and their weighted sum. */
  private readonly most: Float64Array
  private readonly sum: Float64Array
  private readonly vectors: Float64Array
  private readonly weights: Float64Array

  constructor(vectors: Float64Array, weights: Float64Array, count: number) {
    this.vectors = vectors
    this.weights = weights
    this.centres = new Float64Array(3 * count)
    this.left = new Float64Array(weights.length)
    this.first = new Int32Array(count).fill(-1)
    this.next = new Int32Array(weights.length)
    this.most = new Float64Array(count)
    this.sum = new Float64Array(count)
  }

  /** What a further centre at a place would leave of the weighted squares. */
  leftWith(candidate: number): number {
    const { vectors, weights, centres, left, first, next, most, sum } = this
    let rest = 0
    for (let cell = 0; cell < this.size; cell++) {
      if (squaredChord(centres, cell, vectors, candidate) >= 4 * most[cell]!) {
        rest += sum[cell]!
        continue
      }
      for (let place = first[cell]!; place >= 0; place = next[place]!) {
        const squared = squaredChord(vectors, place, vectors, candidate)
        const held = left[place]!
        rest += weights[place]! * (squared < held ? squared : held)
      }
    }
    return rest
  }

  add(candidate: number): void {
    const { vectors, centres, left, first, next, most } = this
    const added = this.size++
    for (let axis = 0; axis < 3; axis++) centres[3 * added + axis] = vectors[3 * candidate + axis]!
    if (added === 0) {
      for (let place = 0; place < left.length; place++)
        this.put(place, 0, squaredChord(vectors, place, vectors, candidate))
      return
    }
    for (let cell = 0; cell < added; cell++) {
      if (squaredChord(centres, cell, vectors, candidate) >= 4 * most[cell]!) continue
      let place = first[cell]!
      first[cell] = -1
      most[cell] = 0
      this.sum[cell] = 0
      while (place >= 0) {
        const following = next[place]!
        const squared = squaredChord(vectors, place, vectors, candidate)
        if (squared < left[place]!) this.put(place, added, squared)
        else this.put(place, cell, left[place]!)
        place = following
      }
    }
  }

  private put(place: number, cell: number, squared: number): void {
    this.left[place] = squared
    this.next[place] = this.first[cell]!
    this.first[cell] = place
    if (squared > this.most[cell]!) this.most[cell] = squared
    this.sum[cell]! += this.weights[place]! * squared
  }
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
  for (let place = 0; place < clusterOf.length; place++) {
    const cluster = clusterOf[place]!
    const weight = weights[place]!
    sizes[cluster]! += weight
    centres[3 * cluster]! += weight * vectors[3 * place]!
    centres[3 * cluster + 1]! += weight * vectors[3 * place + 1]!
    centres[3 * cluster + 2]! += weight * vectors[3 * place + 2]!
  }
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
