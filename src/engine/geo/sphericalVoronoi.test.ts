import fc from 'fast-check'
import { expect, test } from 'vitest'
import { arcMillimetres } from './arcMillimetres.ts'
import { sphericalVoronoi, type VoronoiCell } from './sphericalVoronoi.ts'
import { awkwardPlace, pointsOf } from './testPlaces.ts'
import { unitVectors } from './unitVectors.ts'

type Vector = [number, number, number]
const vectorAt = (values: ArrayLike<number>, i: number): Vector => [
  values[3 * i]!,
  values[3 * i + 1]!,
  values[3 * i + 2]!,
]
const cross = (a: Vector, b: Vector): Vector => [
  a[1] * b[2] - a[2] * b[1],
  a[2] * b[0] - a[0] * b[2],
  a[0] * b[1] - a[1] * b[0],
]
const dot = (a: Vector, b: Vector) => a[0] * b[0] + a[1] * b[1] + a[2] * b[2]

/** Solid angle of a convex cell: its triangles round the first corner (Van Oosterom and Strackee 1983). */
function areaOf({ vertices, neighbours }: VoronoiCell): number {
  // A corner inside makes every triangle small enough for the formula.
  const sum: Vector = [0, 0, 0]
  for (let k = 0; k < vertices.length; k++) sum[k % 3]! += vertices[k]!
  const inner = Math.hypot(...sum) > 1e-9 ? (sum.map((value) => value / Math.hypot(...sum)) as Vector) : null
  if (!inner) return 2 * Math.PI
  let area = 0
  for (let k = 0; k < neighbours.length; k++) {
    const b = vectorAt(vertices, k)
    const c = vectorAt(vertices, (k + 1) % neighbours.length)
    area += 2 * Math.atan2(dot(inner, cross(b, c)), 1 + dot(inner, b) + dot(b, c) + dot(c, inner))
  }
  return area
}

// Sites less than half a millimetre apart count as one; these are the same or a metre apart.
const round = (degrees: number) => Math.round(degrees * 1e5) / 1e5
const site = awkwardPlace.map(([lat, lon]) => [round(lat), round(lon)] as const)
const sites = fc.array(site, { minLength: 2, maxLength: 40 })

test('cells cover the sphere once, and no other site is nearer to a corner than the cell’s own', () => {
  fc.assert(
    fc.property(sites, (all) => {
      const vectors = unitVectors(pointsOf(...all))
      const isSame = (i: number, j: number) => arcMillimetres(...vectorAt(vectors, i), ...vectorAt(vectors, j)) === 0
      const distinct = new Set(all.map((_, i) => all.findIndex((__, j) => isSame(i, j))))
      fc.pre(distinct.size > 1)
      const cells = sphericalVoronoi(vectors)
      let area = 0
      cells.forEach((cell, site) => {
        if (!distinct.has(site)) return expect(cell.neighbours).toEqual([])
        area += areaOf(cell)
        cell.neighbours.forEach((neighbour, k) => {
          const corner = vectorAt(cell.vertices, k)
          const own = dot(corner, vectorAt(vectors, site))
          expect(Math.abs(dot(corner, vectorAt(vectors, neighbour)) - own)).toBeLessThan(1e-12)
          all.forEach((_, other) => expect(dot(corner, vectorAt(vectors, other))).toBeLessThan(own + 1e-12))
          const next = vectorAt(cell.vertices, (k + 1) % cell.neighbours.length)
          expect(dot(corner, next)).toBeGreaterThan(-1e-12)
        })
      })
      expect(area).toBeCloseTo(4 * Math.PI, 5)
    }),
  )
})

test('two sites halve the globe; sites along the equator have cells from pole to pole', () => {
  const halves = sphericalVoronoi(unitVectors(pointsOf([10, 20], [-30, 100])))
  expect(halves.map(areaOf)).toEqual([expect.closeTo(2 * Math.PI), expect.closeTo(2 * Math.PI)])
  const slices = sphericalVoronoi(unitVectors(pointsOf([0, 0], [0, 90], [0, 180], [0, -90])))
  for (const slice of slices) expect(areaOf(slice)).toBeCloseTo(Math.PI, 9)
})
