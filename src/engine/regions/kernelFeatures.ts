import { earthRadiusKm } from '#pure/greatCircle.ts'
import { pivotedCholesky, type LowRank } from './algebra/pivotedCholesky.ts'
import { chordSquared } from './chords.ts'

/** What a statistic may lose of the kernel's trace; any features give a valid test, these give nearly all of its power. */
const tolerance = 0.02
const usualRank = 300

/** The Gaussian kernel exp(-chord² / 2h²) over places as features whose inner products it is, nearly. */
export function kernelFeatures(vectors: Float64Array, bandwidthKm: number, mostRank = usualRank): LowRank {
  const points = vectors.length / 3
  const factor = -(earthRadiusKm ** 2) / (2 * bandwidthKm ** 2)
  return pivotedCholesky(
    new Float64Array(points).fill(1),
    (i, into) => {
      for (let j = 0; j < points; j++) into[j] = Math.exp(factor * chordSquared(vectors, i, vectors, j))
    },
    { mostRank, tolerance },
  )
}
