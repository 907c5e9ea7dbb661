import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { strToU8, zipSync } from 'fflate'
import type { Feature, MultiPolygon, Position } from 'geojson'
import proj4 from 'proj4'
import { afterAll, expect, it } from 'vitest'
import type { MapAnswer } from '#protocol/explorer.ts'
import { quietContext } from '#engine/context.ts'
import { shapefile } from '#engine/geo/boundaries/testing/shapefile.ts'
import { clipAreas, clippedMap } from './clip.ts'

const folder = await mkdtemp(join(tmpdir(), 'isogloss-clip-'))
afterAll(() => rm(folder, { recursive: true, force: true }))

const box = (west: number, south: number, east: number, north: number): Position[] => [
  [west, south], [west, north], [east, north], [east, south], [west, south],
] // prettier-ignore
/** Clockwise, and a lake in it. */
const [outline, lake] = [box(6, 45, 10, 48), box(7, 46, 8, 47).toReversed()]
const area = (ring: Position[]): Feature<MultiPolygon> => ({
  type: 'Feature',
  properties: {},
  geometry: { type: 'MultiPolygon', coordinates: [[ring.toReversed()]] },
})
const answer: MapAnswer = {
  informants: 3,
  sites: 3,
  perVariant: [{ variant: 'pop', informants: 2, occurrences: 2 }],
  test: null,
  bandwidthKm: 50,
  criterion: [],
  surface: { type: 'FeatureCollection', features: [{ ...area(box(5, 44, 9, 49)), properties: { variant: 'pop', share: 0.5 } }] }, // prettier-ignore
  support: area(box(4, 40, 12, 50)),
  points: { lat: [45.5, 46.5, 47], lon: [6.5, 7.5, 11], informants: [1, 1, 1], users: [[1, 1, 1]] },
}

const laea = '+proj=laea +lat_0=52 +lon_0=10 +x_0=4321000 +y_0=3210000 +ellps=GRS80 +units=m +no_defs'
const wkt = 'PROJCS["ETRS89_LAEA_Europe",GEOGCS["GCS_ETRS_1989",DATUM["D_ETRS_1989",SPHEROID["GRS_1980",6378137.0,298.257222101]],PRIMEM["Greenwich",0.0],UNIT["Degree",0.0174532925199433]],PROJECTION["Lambert_Azimuthal_Equal_Area"],PARAMETER["False_Easting",4321000.0],PARAMETER["False_Northing",3210000.0],PARAMETER["Central_Meridian",10.0],PARAMETER["Latitude_Of_Origin",52.0],UNIT["Meter",1.0]]' // prettier-ignore
const kmlRing = (ring: Position[]) => `<LinearRing><coordinates>${ring.map(([lon, lat]) => `${lon},${lat},0`).join(' ')}</coordinates></LinearRing>` // prettier-ignore
const kml = `<?xml version="1.0" encoding="UTF-8"?><kml xmlns="http://www.opengis.net/kml/2.2"><Document><Placemark><name>A</name><Polygon>
  <outerBoundaryIs>${kmlRing(outline)}</outerBoundaryIs><innerBoundaryIs>${kmlRing(lake)}</innerBoundaryIs></Polygon></Placemark></Document></kml>`
const projected = (ring: Position[]) => ring.map((position) => proj4(laea).forward([...position]))

/** The map, cut to the areas of a file of this name. */
async function cutTo(files: Record<string, string | Uint8Array>): Promise<MapAnswer> {
  for (const [name, content] of Object.entries(files)) await writeFile(join(folder, name), content)
  const areas = await clipAreas({ clip: join(folder, Object.keys(files)[0]!) })
  return clippedMap(answer, areas!, quietContext)
}

it('cuts to the same areas whether they are GeoJSON, KML, KMZ or a Shapefile in metres', async () => {
  const geoJson = await cutTo({ 'a.geojson': JSON.stringify({ type: 'Polygon', coordinates: [outline, lake] }) })
  expect(geoJson.informants).toBe(3)
  expect(geoJson.points).toEqual({ lat: [45.5], lon: [6.5], informants: [1], users: [[1]] })
  expect(boundsOf(geoJson.support)).toEqual([6, 45, 10, 48])
  expect(boundsOf(geoJson.surface.features[0]!)).toEqual([6, 45, 9, 48])
  // The lake is a hole.
  expect(geoJson.support.geometry.coordinates[0]).toHaveLength(2)

  expect(await cutTo({ 'a.kml': kml })).toEqual(geoJson)
  expect(await cutTo({ 'a.kmz': zipSync({ 'doc.kml': strToU8(kml) }) })).toEqual(geoJson)

  const metres = await cutTo({ 'a.shp': shapefile([[projected(outline), projected(lake)]]), 'a.prj': wkt })
  expect(metres.points).toEqual(geoJson.points)
  expect(metres.support.geometry.coordinates[0]).toHaveLength(2)
  for (const [i, bound] of boundsOf(metres.support).entries()) expect(bound).toBeCloseTo([6, 45, 10, 48][i]!, 6)
})

it('follows another file of the same name', async () => {
  await cutTo({ 'b.geojson': JSON.stringify({ type: 'Polygon', coordinates: [outline, lake] }) })
  const before = (await clipAreas({ clip: join(folder, 'b.geojson') }))!.id
  await writeFile(join(folder, 'b.geojson'), JSON.stringify({ type: 'Polygon', coordinates: [outline] }))
  expect((await clipAreas({ clip: join(folder, 'b.geojson') }))!.id).not.toBe(before)
})

/** West, south, east and north. */
function boundsOf({ geometry }: Feature<MultiPolygon>): [number, number, number, number] {
  const positions = geometry.coordinates.flat(2)
  const [lons, lats] = [positions.map(([lon]) => lon!), positions.map(([, lat]) => lat!)]
  return [Math.min(...lons), Math.min(...lats), Math.max(...lons), Math.max(...lats)]
}
