import { geoArea } from 'd3-geo'
import { expect, it } from 'vitest'
import { seededRandom } from '#engine/random.ts'
import { haversineKm } from '#pure/greatCircle.ts'
import { hexagonAreas } from './hexagonAreas.ts'

const random = seededRandom(3)
const places = {
  lat: Float64Array.from({ length: 800 }, () => 44 + 4 * random.next()),
  lon: Float64Array.from({ length: 800 }, () => 5 + 6 * random.next()),
}
const areas = hexagonAreas(places, 50)
const centres = areas.polygons.map((polygons) => {
  const corners = polygons[0]![0]!.slice(0, 6)
  return [0, 1].map((axis) => corners.reduce((sum, corner) => sum + corner[axis]! / 6, 0)) as [number, number]
})

it('have like areas, and each place lies in the one whose middle is nearest', () => {
  const radius = 6371.0088
  for (const polygons of areas.polygons) {
    const ring = polygons[0]![0]!
    const km2 = geoArea({ type: 'Polygon', coordinates: [ring.toReversed()] }) * radius ** 2
    expect(Math.abs(km2 / ((Math.sqrt(3) / 2) * 50 ** 2) - 1)).toBeLessThan(0.01)
  }
  areas.assign(places).forEach((area, i) => {
    const km = centres.map(([lon, lat]) => haversineKm(places.lat[i]!, places.lon[i]!, lat, lon))
    // On the border, a plane and the sphere may disagree by metres.
    expect(km[area]!).toBeLessThan(Math.min(...km) + 0.2)
  })
})

it('touch those whose middles are their width away', () => {
  const twin: number[] = []
  centres.forEach(([lonA, latA], a) =>
    centres.forEach(([lonB, latB], b) => {
      if (a < b && haversineKm(latA, lonA, latB, lonB) < 60) twin.push(a, b)
    }),
  )
  expect([...areas.touching()]).toEqual(twin)
})

it('do not depend on the order of the places', () => {
  const turned = hexagonAreas({ lat: places.lat.toReversed(), lon: places.lon.toReversed() }, 50)
  expect(turned.ids).toEqual(areas.ids)
  expect(areas.assign({ lat: Float64Array.of(-30), lon: Float64Array.of(100) })).toEqual(Int32Array.of(-1))
})
