import type { FlatPolygon } from './flatSink.ts'

/** Whether a point of the plane lies in a polygon and in none of its holes, by the rule of even and odd. */
export function holdsPoint({ positions, holeIndices }: FlatPolygon, x: number, y: number): boolean {
  let inside = false
  const begins = [0, ...holeIndices]
  begins.forEach((begin, ring) => {
    const end = begins[ring + 1] ?? positions.length
    for (let at = begin, before = end - 2; at < end; before = at, at += 2) {
      const [ax, ay, bx, by] = [positions[before]!, positions[before + 1]!, positions[at]!, positions[at + 1]!]
      if (ay > y !== by > y && x < ax + ((y - ay) / (by - ay)) * (bx - ax)) inside = !inside
    }
  })
  return inside
}
