import { earthRadiusKm } from '#pure/greatCircle.ts'

const millimetresPerKm = 1e6

/** A length in whole millimetres, the unit in which distances are compared. */
export function toMillimetres(km: number): number {
  return Math.round(km * millimetresPerKm)
}

/**
 * Great-circle distance (R = 6371 km) of two unit vectors, in whole millimetres (1e-6 km).
 * Places with two decimals are often equally far from one another; formulas that differ in the last bit would
 * each break such ties in its own way, so every comparison of distances is made in these integers.
 */
export function arcMillimetres(ax: number, ay: number, az: number, bx: number, by: number, bz: number): number {
  const chordSquared = (ax - bx) ** 2 + (ay - by) ** 2 + (az - bz) ** 2
  // The arc sine loses its digits near 1: beyond a right angle measure from the antipode.
  const angle =
    chordSquared <= 2
      ? 2 * Math.asin(Math.sqrt(chordSquared) / 2)
      : Math.PI - 2 * Math.asin(Math.min(1, Math.sqrt((ax + bx) ** 2 + (ay + by) ** 2 + (az + bz) ** 2) / 2))
  return toMillimetres(angle * earthRadiusKm)
}

/**
 * Squared chord within which every place lies whose distance rounds to at most `millimetres`:
 * slightly generous (a millimetre and rounding errors), to prune a search with; Infinity from half the globe on.
 */
export function chordSquaredLimit(millimetres: number): number {
  const angle = (millimetres + 1) / millimetresPerKm / earthRadiusKm
  if (!(angle < Math.PI)) return Infinity
  const chord = 2 * Math.sin(angle / 2)
  return chord * chord * (1 + 1e-14)
}
