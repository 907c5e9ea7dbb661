import fc from 'fast-check'
import type { Points } from './points.ts'

/** Points from a flat list of lat, lon pairs. */
export function pointsOf(...places: readonly (readonly [lat: number, lon: number])[]): Points {
  return { lat: Float64Array.from(places, ([lat]) => lat), lon: Float64Array.from(places, ([, lon]) => lon) }
}

const coarse = (least: number, most: number) =>
  fc.integer({ min: least * 10, max: most * 10 }).map((tenths) => tenths / 10)

/** Places that provoke mistakes: anywhere, on a lattice (many ties), at the poles, along the antimeridian. */
export const awkwardPlace: fc.Arbitrary<readonly [number, number]> = fc.oneof(
  fc.tuple(fc.double({ min: -90, max: 90, noNaN: true }), fc.double({ min: -180, max: 180, noNaN: true })),
  fc.tuple(coarse(-2, 2), coarse(-2, 2)),
  fc.tuple(fc.constantFrom(-90, -89.95, 89.9, 90), coarse(-180, 180)),
  fc.tuple(coarse(-1, 1), fc.constantFrom(-180, -179.95, -179.9, 179.9, 179.95, 180)),
)
