import { earthRadiusKm } from '#pure/greatCircle.ts'

/**
 * Kernels take chords, the straight way through the Earth: exp(-arc² / 2h²) has negative eigenvalues on a sphere where h is
 * large, and is no covariance. Up to 1,000 km a chord is within a thousandth of its arc.
 * @param a,b unit vectors, x,y,z interleaved
 */
export function chordKm(a: Float64Array, i: number, b: Float64Array, j: number): number {
  return earthRadiusKm * Math.sqrt(chordSquared(a, i, b, j))
}

/** On the unit sphere. */
export function chordSquared(a: Float64Array, i: number, b: Float64Array, j: number): number {
  const dx = a[3 * i]! - b[3 * j]!
  const dy = a[3 * i + 1]! - b[3 * j + 1]!
  const dz = a[3 * i + 2]! - b[3 * j + 2]!
  return dx * dx + dy * dy + dz * dz
}

/** The great-circle distance that belongs to a chord. */
export function arcOfChordKm(km: number): number {
  return 2 * earthRadiusKm * Math.asin(Math.min(1, km / (2 * earthRadiusKm)))
}
