import { existsSync } from 'node:fs'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import fc from 'fast-check'
import { zipSync, strToU8 } from 'fflate'
import type { Position } from 'geojson'
import proj4 from 'proj4'
import { afterAll, describe, expect, it } from 'vitest'
import { areaFinder } from '../areaFinder.ts'
import { readBoundaries } from './readBoundaries.ts'
import { sharedBorders } from './sharedBorders.ts'
import { shapefile } from './testing/shapefile.ts'

const folder = await mkdtemp(join(tmpdir(), 'isogloss-boundaries-'))
afterAll(() => rm(folder, { recursive: true, force: true }))
let files = 0
async function written(extension: string, content: string | Uint8Array): Promise<string> {
  const path = join(folder, `${files++}.${extension}`)
  await writeFile(path, content)
  return path
}
const read = async (extension: string, content: string | Uint8Array) =>
  readBoundaries(await written(extension, content))

const square = (west: number, south: number, size = 1): Position[] => [
  [west, south], [west + size, south], [west + size, south + size], [west, south + size], [west, south],
] // prettier-ignore
const feature = (coordinates: Position[][], rest: object = {}) => ({
  type: 'Feature',
  properties: {},
  ...rest,
  geometry: { type: 'Polygon', coordinates },
})
const collection = (features: object[], rest: object = {}) =>
  JSON.stringify({ type: 'FeatureCollection', ...rest, features })

/** A dBASE table of one text column. */
function dbf(column: string, values: string[], encode: (text: string) => Buffer): Buffer {
  const width = 20
  const header = Buffer.alloc(65)
  header[0] = 3
  header.writeUInt32LE(values.length, 4)
  header.writeUInt16LE(65, 8)
  header.writeUInt16LE(width + 1, 10)
  header.write(column, 32, 'latin1')
  header.write('C', 43, 'latin1')
  header[48] = width
  header[64] = 13
  const rows = values.map((value) => {
    const row = Buffer.alloc(width + 1, 32)
    encode(value).copy(row, 1)
    return row
  })
  return Buffer.concat([header, ...rows, Buffer.from([26])])
}

describe('boundaries', () => {
  it('of GeoJSON keep their ids, holes and lines, and count what is neither', async () => {
    const found = await read(
      'geojson',
      collection([
        feature([square(0, 0, 3), square(1, 1)], { id: 'AL', properties: { name: 'Alabama' } }),
        { type: 'Feature', properties: null, geometry: { type: 'LineString', coordinates: [[0, 0], [1, 1]] } },
        { type: 'Feature', properties: {}, geometry: { type: 'Point', coordinates: [0, 0] } },
        { type: 'Feature', properties: {}, geometry: null },
        feature([square(5, 5).slice(0, 4)], { id: 7 }),
      ]),
    ) // prettier-ignore
    expect(found).toMatchObject({ format: 'GeoJSON', idsFrom: "the features' ids", skipped: 2 })
    expect(found.areas.map(({ id, name }) => [id, name])).toEqual([['AL', 'Alabama'], ['7', null]]) // prettier-ignore
    expect(found.lines).toEqual([[[0, 0], [1, 1]]]) // prettier-ignore
    // An open ring is closed, and a hole is a hole.
    expect(found.areas[1]!.polygons[0]![0]).toEqual(square(5, 5))
    const find = areaFinder(found.areas.map(({ polygons }) => polygons))
    expect([find(0.5, 0.5), find(1.5, 1.5), find(5.5, 5.5), find(9, 9)]).toEqual([0, -1, 1, -1])
  })

  it('take ids from a column that tells all apart, else from the order, and say so', async () => {
    const named = (names: (string | number)[], key: string) =>
      collection(names.map((name, i) => feature([square(i, 0)], { properties: { [key]: name, other: 1 } })))
    const byName = await read('json', named(['a', 'b'], 'NAME'))
    expect(byName).toMatchObject({ idsFrom: 'the column NAME', areas: [{ id: 'a', name: 'a' }, { id: 'b' }] })
    const twice = await read('json', named(['a', 'a'], 'GEOID'))
    expect(twice).toMatchObject({ idsFrom: 'their order', areas: [{ id: '1' }, { id: '2' }] })
  })

  it('of KML and KMZ have names, holes and inner boundaries', async () => {
    const ring = (positions: Position[]) =>
      `<LinearRing><coordinates>${positions.map(([x, y]) => `${x},${y},0`).join(' ')}</coordinates></LinearRing>`
    const kml = `<?xml version="1.0" encoding="UTF-8"?><kml xmlns="http://www.opengis.net/kml/2.2"><Document>
      <Placemark><name>Aargau</name><MultiGeometry><Polygon><outerBoundaryIs>${ring(square(8, 47, 3))}</outerBoundaryIs>
      <innerBoundaryIs>${ring(square(9, 48))}</innerBoundaryIs></Polygon></MultiGeometry></Placemark>
      <Placemark><name>Zürich</name><Polygon><outerBoundaryIs>${ring(square(20, 47))}</outerBoundaryIs></Polygon></Placemark>
      <Placemark><name>Ort</name><Point><coordinates>8,47</coordinates></Point></Placemark></Document></kml>`
    for (const found of [
      await read('kml', kml),
      await read('kmz', zipSync({ 'doc.kml': strToU8(kml), 'images/a.png': strToU8('x') })),
    ]) {
      expect(found).toMatchObject({ format: 'KML', skipped: 1, idsFrom: 'the column name' })
      expect(found.areas.map(({ id }) => id)).toEqual(['Aargau', 'Zürich'])
      const find = areaFinder(found.areas.map(({ polygons }) => polygons))
      expect([find(47.5, 8.5), find(48.5, 9.5), find(47.5, 20.5)]).toEqual([0, -1, 1])
    }
  })

  it('of a Shapefile come to degrees by its .prj, with the words of its table', async () => {
    const prj =
      'PROJCS["ETRS89 / LAEA Europe",GEOGCS["ETRS89",DATUM["D_ETRS_1989",SPHEROID["GRS_1980",6378137.0,298.257222101]],PRIMEM["Greenwich",0.0],UNIT["Degree",0.0174532925199433]],PROJECTION["Lambert_Azimuthal_Equal_Area"],PARAMETER["False_Easting",4321000.0],PARAMETER["False_Northing",3210000.0],PARAMETER["Central_Meridian",10.0],PARAMETER["Latitude_Of_Origin",52.0],UNIT["Meter",1.0]]'
    const laea = '+proj=laea +lat_0=52 +lon_0=10 +x_0=4321000 +y_0=3210000 +ellps=GRS80'
    const rings = [square(8, 47), square(9, 47)].map((ring) => [...ring].reverse())
    const shp = shapefile(rings.map((ring) => [ring.map((position) => proj4(laea).forward([...position]))]))
    const utf8 = dbf('NAME', ['Zürich', 'Łódź'], (text) => Buffer.from(text, 'utf8'))
    const latin = dbf('NAME', ['Zürich', 'Genève'], (text) => Buffer.from(text, 'latin1'))
    const path = await written('shp', shp)
    for (const [extension, content] of [['DBF', latin], ['prj', prj], ['cpg', '1252']] as const)
      await writeFile(`${path.slice(0, -3)}${extension}`, content) // prettier-ignore
    const beside = await readBoundaries(path)
    const packed = await read(
      'zip',
      zipSync({
        'a/b.SHP': shp,
        'a/b.dbf': utf8,
        'a/b.prj': strToU8(prj),
        'a/b.cpg': strToU8('UTF-8\r\n'),
        '__MACOSX/b.shp': strToU8('x'),
      }),
    )
    expect(beside.areas.map(({ id }) => id)).toEqual(['Zürich', 'Genève'])
    expect(packed.areas.map(({ id }) => id)).toEqual(['Zürich', 'Łódź'])
    for (const found of [beside, packed]) {
      expect(found.format).toBe('Shapefile')
      found.areas.forEach(({ polygons }, i) =>
        polygons[0]![0]!.forEach(([lon, lat], k) => {
          expect(lon).toBeCloseTo(rings[i]![k]![0]!, 7)
          expect(lat).toBeCloseTo(rings[i]![k]![1]!, 7)
        }),
      )
    }
    await expect(read('shp', shp)).rejects.toMatchObject({ code: 'boundaries/not-degrees' })
    await expect(read('shp', shp.subarray(0, 160))).rejects.toMatchObject({
      code: expect.stringMatching(/^boundaries\//) as string,
    })
  })

  it('say in words what cannot be read', async () => {
    const cases: [string, string | Uint8Array, string, RegExp][] = [
      ['json', '{"type": "FeatureCollection"', 'boundaries/not-readable', /no JSON/],
      ['json', '{"type": "FeatureCollection", "features": [{"type": "Feature", "geometry": {"type": "Polygon", "coordinates": [[["a", 1]]]}}]}', 'boundaries/not-readable', /features\.0\.geometry/],
      ['json', collection([feature([square(0, 0)])], { crs: { properties: { name: 'urn:ogc:def:crs:EPSG::2056' } } }), 'boundaries/not-readable', /EPSG::2056/],
      ['json', collection([feature([square(2600000, 1200000)])]), 'boundaries/not-degrees', /degrees/],
      ['json', collection([{ type: 'Feature', properties: {}, geometry: { type: 'Point', coordinates: [1, 2] } }]), 'boundaries/empty', /no polygon/],
      ['kml', '<kml><Document><Placemark></kml>', 'boundaries/not-readable', /no XML/],
      ['gpx', '<gpx/>', 'boundaries/not-readable', /<gpx>/],
      ['zip', zipSync({ 'readme.txt': strToU8('x') }), 'boundaries/not-readable', /no \.kml/],
      ['zip', zipSync({ 'doc.kml': strToU8('x'.repeat(99)) }).subarray(0, 60), 'boundaries/not-readable', /damaged/],
    ] // prettier-ignore
    for (const [extension, content, code, message] of cases)
      await expect(read(extension, content)).rejects.toMatchObject({
        code,
        message: expect.stringMatching(message) as string,
      })
    await expect(readBoundaries(join(folder, 'none.json'))).rejects.toMatchObject({ code: 'boundaries/not-readable' })
  })

  const kml = resolve('../shared/dialectometry/1-pennsylvania/Demo-Pennsylvania.kml')
  it.skipIf(!existsSync(kml))('of the map that comes with Gabmap hold its sites', async () => {
    const { areas, skipped } = await readBoundaries(kml)
    expect(areas).toHaveLength(1)
    expect(skipped).toBe(67)
    const find = areaFinder(areas.map(({ polygons }) => polygons))
    // Harrisburg, and New York beyond the border.
    expect([find(40.27, -76.88), find(40.71, -74)]).toEqual([0, -1])
  })
})

describe('the finder of areas', () => {
  it('is the plain rule of even and odd, the first area where several overlap', () => {
    const ring = fc
      .array(fc.tuple(fc.integer({ min: 150, max: 179 }), fc.integer({ min: -20, max: 20 })), {
        minLength: 3,
        maxLength: 9,
      })
      .map((points): Position[] => [...points, points[0]!].map(([x, y]) => [x, y]))
    fc.assert(
      fc.property(
        fc.array(ring, { minLength: 1, maxLength: 4 }),
        fc.double({ min: 150, max: 179, noNaN: true }),
        fc.double({ min: -20, max: 20, noNaN: true }),
        (rings, lon, lat) => {
          const slow = rings.findIndex((points) => {
            let inside = false
            for (let k = 1; k < points.length; k++) {
              const [[ax, ay], [bx, by]] = [points[k - 1] as [number, number], points[k] as [number, number]]
              if (ay > lat !== by > lat && lon < ax + ((lat - ay) / (by - ay)) * (bx - ax)) inside = !inside
            }
            return inside
          })
          const find = areaFinder(rings.map((one) => [[one]]))
          expect(find(lat, lon)).toBe(slow)
          // A second question is not answered from what the first one left.
          expect(find(lat, lon)).toBe(slow)
        },
      ),
    )
  })

  it('goes across the antimeridian in either way of writing it', () => {
    for (const east of [[[170, 0], [190, 0], [190, 10], [170, 10], [170, 0]], [[170, 0], [-170, 0], [-170, 10], [170, 10], [170, 0]]]) {
      const find = areaFinder([[[east]]])
      expect([find(5, 175), find(5, -175), find(5, 165), find(5, -165)]).toEqual([0, 0, -1, -1])
    } // prettier-ignore
  })
})

describe('shared borders', () => {
  it('are corners that two areas have', () => {
    expect([...sharedBorders([[[square(0, 0)]], [[square(5, 5)]], [[square(1, 1)]], [[square(1, 0)]]])]).toEqual([
      0, 2, 0, 3, 2, 3,
    ])
  })
})
