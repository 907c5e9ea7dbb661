import { choleskyInPlace, solveLower } from '../algebra/cholesky.ts'
import { chordKm, chordSquared } from '../chords.ts'

/** A field of Matérn 3/2 on knots: values at places are rows of features times independent standard normals. */
export interface MaternBasis {
  knots: Float64Array
  rangeKm: number
  /** The Cholesky factor of the knots' covariances. */
  factor: Float64Array
}

/** (1 + sqrt(3) d / range) exp(-sqrt(3) d / range), of chords, which make it a covariance on the sphere. */
export const matern = (km: number, rangeKm: number): number => {
  const scaled = (Math.sqrt(3) * km) / rangeKm
  return (1 + scaled) * Math.exp(-scaled)
}

/** A knot's own variance beyond its covariance: a millionth keeps the factor whole where knots nearly meet. */
const jitter = 1e-6

/** What the field may lose of its variance at the knots that are left out. */
const lostVariance = 0.01

/**
 * The field on the first of some knots, as many as it takes: where the range is long, few say all. The factor of fewer knots is
 * the beginning of the factor of all, so that leaving the last ones out costs nothing.
 * @param knots unit vectors, each as far as can be from those before it
 */
export function maternBasis(knots: Float64Array, rangeKm: number): MaternBasis {
  const all = maternFactor(knots, rangeKm)
  const total = knots.length / 3
  const left = new Float64Array(total).fill(1)
  let n = 0
  for (; n < total; n++) {
    let lost = 0
    for (let i = n; i < total; i++) lost += Math.max(0, left[i]!)
    if (lost < lostVariance * total) break
    for (let i = n; i < total; i++) left[i]! -= all[i * total + n]! ** 2
  }
  const factor = new Float64Array(n * n)
  for (let i = 0; i < n; i++) factor.set(all.subarray(i * total, i * total + i + 1), i * n)
  return { knots: knots.slice(0, 3 * n), rangeKm, factor }
}

function maternFactor(knots: Float64Array, rangeKm: number): Float64Array {
  const n = knots.length / 3
  const factor = new Float64Array(n * n)
  for (let i = 0; i < n; i++)
    for (let j = 0; j <= i; j++)
      factor[i * n + j] = matern(chordKm(knots, i, knots, j), rangeKm) + (i === j ? jitter : 0)
  choleskyInPlace(factor, n)
  return factor
}

/**
 * Features of places with an intercept in front: rows of 1 + knots values.
 * @param vectors unit vectors of the places
 */
export function basisRows({ knots, rangeKm, factor }: MaternBasis, vectors: Float64Array): Float64Array {
  const n = knots.length / 3
  const places = vectors.length / 3
  const width = n + 1
  const rows = new Float64Array(places * width)
  for (let place = 0; place < places; place++) {
    const at = place * width
    rows[at] = 1
    for (let k = 0; k < n; k++) rows[at + 1 + k] = matern(chordKm(vectors, place, knots, k), rangeKm)
    solveLower(factor, n, rows, at + 1)
  }
  return rows
}

/**
 * Up to `most` of some places that lie apart: the first one, then each time the one farthest from those taken. Ties go to
 * the lower place.
 */
export function farthestPoints(vectors: Float64Array, most: number): Float64Array {
  const places = vectors.length / 3
  const nearest = new Float64Array(places).fill(Infinity)
  const taken: number[] = []
  let next = 0
  while (taken.length < Math.min(most, places)) {
    taken.push(next)
    let farthest = -1
    for (let i = 0; i < places; i++) {
      nearest[i] = Math.min(nearest[i]!, chordSquared(vectors, i, vectors, next))
      if (farthest < 0 || nearest[i]! > nearest[farthest]!) farthest = i
    }
    if (!(nearest[farthest]! > 0)) break
    next = farthest
  }
  return Float64Array.from(taken.flatMap((i) => [vectors[3 * i]!, vectors[3 * i + 1]!, vectors[3 * i + 2]!]))
}
