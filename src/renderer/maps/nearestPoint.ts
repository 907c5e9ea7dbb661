/**
 * The point nearest to a place of the plane, or -1 when none lies within `radiusKm`; ties go to the lower index.
 * A scan: 450,000 points take about a millisecond, once a pointer move.
 * @param xy planar km, interleaved; NaN is never found
 */
export function nearestPoint(xy: Float32Array, x: number, y: number, radiusKm: number): number {
  let best = radiusKm * radiusKm
  let found = -1
  for (let i = 0; i + 1 < xy.length; i += 2) {
    const dx = xy[i]! - x
    const dy = xy[i + 1]! - y
    const squared = dx * dx + dy * dy
    if (squared < best || (found === -1 && squared === best)) {
      best = squared
      found = i >> 1
    }
  }
  return found
}
