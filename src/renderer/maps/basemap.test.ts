import { geoContains } from 'd3-geo'
import { describe, expect, it } from 'vitest'
import { feature } from 'topojson-client'
import world110 from 'world-atlas/countries-110m.json'
import { projectLines, sphereOutline } from '#pure/maps/basemapShapes.ts'
import { basemap, detailFor } from './basemap.ts'
import type { FlatPolygon } from '#pure/maps/flatSink.ts'
import { chooseProjection } from '#pure/maps/projection.ts'

const american = chooseProjection(Float32Array.from([-122, 47, -80, 26, -71, 42, -117, 33, -97, 30, -87, 42]))
const swiss = chooseProjection(Float32Array.from([6.1, 46.2, 9.5, 47.5, 8.5, 47.4, 7.4, 46.9]))
const world = chooseProjection(Float32Array.from([-170, 60, 170, -60, 0, 0, 90, 30, -90, -30]))

function covers(polygon: FlatPolygon, x: number, y: number): boolean {
  const ends = [...polygon.holeIndices, polygon.positions.length]
  let inside = false
  let start = 0
  for (const end of ends) {
    for (let i = start, j = end - 2; i < end; j = i, i += 2) {
      const [xi, yi, xj, yj] = [
        polygon.positions[i]!,
        polygon.positions[i + 1]!,
        polygon.positions[j]!,
        polygon.positions[j + 1]!,
      ]
      if (yi > y !== yj > y && x < ((xj - xi) * (y - yi)) / (yj - yi) + xi) inside = !inside
    }
    start = end
  }
  return inside
}

describe('basemap', () => {
  it('is land where the atlas has land, in every projection', async () => {
    const land = feature(world110, world110.objects.land!)
    for (const projection of [american, swiss, world]) {
      const { land: polygons, coast, borders } = await basemap(projection, '110m')
      expect(coast.length % 4).toBe(0)
      expect(borders.length).toBeGreaterThan(0)
      let tried = 0
      for (let k = 0; k < 400; k++) {
        // A grid over the bounds, off the round numbers on which coasts of clipped edges lie.
        const x = projection.bounds.minX + ((projection.bounds.maxX - projection.bounds.minX) * ((k % 20) + 0.37)) / 20
        const y =
          projection.bounds.minY +
          ((projection.bounds.maxY - projection.bounds.minY) * (Math.floor(k / 20) + 0.41)) / 20
        const place = projection.geo.invert!([x, y])
        const again = place && projection.geo(place)
        if (!place || !again || Math.hypot(again[0] - x, again[1] - y) > 1 || Math.abs(place[1]) > 85) continue
        tried++
        expect([x, y, polygons.some((polygon) => covers(polygon, x, y))]).toEqual([x, y, geoContains(land, place)])
      }
      expect(tried).toBeGreaterThan(150)
    }
  })

  it('has the borders of the states for the USA alone, and a sphere for the world alone', async () => {
    expect((await basemap(american, '110m')).states.length).toBeGreaterThan(1000)
    expect((await basemap(swiss, '110m')).states.length).toBe(0)
    expect(sphereOutline(world).length).toBeGreaterThan(0)
    expect(sphereOutline(american).length).toBe(0)
  })

  it('takes more detail the closer a view is', () => {
    expect(detailFor(world, { x: 0, y: 0, zoom: -5 })).toBe('110m')
    expect(detailFor(american, { x: 0, y: 0, zoom: -3 })).toBe('50m')
    expect(detailFor(swiss, { x: 0, y: 0, zoom: 1 })).toBe('10m')
    expect(detailFor(world, { x: 0, y: 0, zoom: 3 })).toBe('50m')
  })
})

it('projects lines of territories into pieces that join', () => {
  const vertices = Float32Array.from([7, 46, 8, 46, 8, 47, 6.5, 46.5, 9, 46.5])
  const pieces = projectLines(swiss, vertices, Uint32Array.from([0, 3, 5]))
  const [x, y] = swiss.geo([8, 47])!
  const ends = Array.from({ length: pieces.length / 4 }, (_, k) =>
    Math.hypot(pieces[4 * k + 2]! - x, pieces[4 * k + 3]! - y),
  )
  expect(Math.min(...ends)).toBeLessThan(0.01)
})
