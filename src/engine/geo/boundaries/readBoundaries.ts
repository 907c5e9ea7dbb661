import { readFile, stat } from 'node:fs/promises'
import type { Geometry, Position } from 'geojson'
import { EngineError } from '#protocol/errors.ts'
import type { Boundaries, BoundaryArea } from '#protocol/boundaries.ts'
import type { BoundaryFeature } from './boundaryFeature.ts'
import { mostBytes, notReadable, tooLarge } from './boundaryErrors.ts'
import { geoJsonFeatures } from './geoJsonFeatures.ts'
import { isZip, unpack } from './unpack.ts'

/**
 * Areas and lines of a GeoJSON, KML, KMZ or Shapefile (.shp with its .dbf, .prj and .cpg beside it, or all in a .zip), told by
 * its content. Coordinates of a Shapefile are brought to degrees by its .prj; all others must be degrees.
 * @throws EngineError 'boundaries/not-readable', 'boundaries/too-large', 'boundaries/not-degrees', 'boundaries/empty'
 */
export async function readBoundaries(path: string): Promise<Boundaries> {
  const { format, features } = await featuresOf(path)
  const areas: BoundaryArea[] = []
  const lines: Position[][] = []
  let skipped = 0
  const areaFeatures: BoundaryFeature[] = []
  for (const feature of features) {
    const parts: Parts = { polygons: [], lines: [] }
    collect(feature.geometry, parts)
    checkDegrees(path, [...parts.polygons.flat(), ...parts.lines])
    const polygons = parts.polygons
      .map((rings) => rings.map(closed).filter((ring) => ring.length >= 4))
      .filter((rings) => rings.length > 0)
    lines.push(...parts.lines.filter((line) => line.length > 1))
    if (polygons.length === 0 && parts.lines.length === 0) skipped++
    if (polygons.length === 0) continue
    areaFeatures.push(feature)
    areas.push({ id: '', name: nameOf(feature), properties: feature.properties ?? {}, polygons })
  }
  if (areas.length === 0 && lines.length === 0)
    throw new EngineError(
      'boundaries/empty',
      `${path} is ${format} and holds no polygon and no line (${features.length} features). Name a file of areas or borders.`,
      { path },
    )
  const { ids, idsFrom } = identify(areaFeatures)
  areas.forEach((area, i) => (area.id = ids[i]!))
  return { format, areas, lines, idsFrom, skipped }
}

/** The readers of KML and Shapefile are large and rarely asked for: they are loaded with the first file of their kind. */
const kmlFeatures = async (path: string, text: string) => (await import('./kmlFeatures.ts')).kmlFeatures(path, text)
const shapefileReader = () => import('./shapefileFeatures.ts')

async function featuresOf(path: string): Promise<{ format: Boundaries['format']; features: BoundaryFeature[] }> {
  const size = await stat(path).then(
    ({ size }) => size,
    (cause: unknown) => {
      throw notReadable(path, 'it cannot be opened', cause)
    },
  )
  if (size > mostBytes) throw tooLarge(path)
  const bytes = await readFile(path)
  if (isZip(bytes)) {
    const files = await unpack(path, bytes)
    const kml = [...files.keys()].find((name) => /\.kml$/i.test(name))
    if (kml !== undefined) return { format: 'KML', features: await kmlFeatures(path, textOf(files.get(kml)!)) }
    const shp = [...files.keys()].find((name) => /\.shp$/i.test(name))
    if (shp !== undefined)
      return {
        format: 'Shapefile',
        features: (await shapefileReader()).shapefileFeatures(
          path,
          (extension) =>
            [...files].find(([name]) => name.toLowerCase() === `${shp.slice(0, -3)}${extension}`.toLowerCase())?.[1],
        ),
      }
    const json = [...files.keys()].find((name) => /\.(?:geo)?json$/i.test(name))
    if (json !== undefined) return { format: 'GeoJSON', features: geoJsonFeatures(path, textOf(files.get(json)!)) }
    throw notReadable(path, 'the archive has no .kml, .shp or .geojson in it')
  }
  if (bytes.length >= 4 && bytes.readInt32BE(0) === 9994) {
    const { shapefileFeatures, shapefileParts } = await shapefileReader()
    return { format: 'Shapefile', features: shapefileFeatures(path, await shapefileParts(path, bytes)) }
  }
  const text = textOf(bytes)
  if (/^\s*</.test(text)) return { format: 'KML', features: await kmlFeatures(path, text) }
  return { format: 'GeoJSON', features: geoJsonFeatures(path, text) }
}

/** UTF-8 or, where a mark says so, UTF-16. */
function textOf(bytes: Buffer): string {
  const encoding =
    bytes[0] === 0xff && bytes[1] === 0xfe ? 'utf-16le' : bytes[0] === 0xfe && bytes[1] === 0xff ? 'utf-16be' : 'utf-8'
  return new TextDecoder(encoding).decode(bytes)
}

interface Parts {
  polygons: Position[][][]
  lines: Position[][]
}

function collect(geometry: Geometry | null, parts: Parts): void {
  switch (geometry?.type) {
    case 'Polygon':
      parts.polygons.push(geometry.coordinates)
      break
    case 'MultiPolygon':
      parts.polygons.push(...geometry.coordinates)
      break
    case 'LineString':
      parts.lines.push(geometry.coordinates)
      break
    case 'MultiLineString':
      parts.lines.push(...geometry.coordinates)
      break
    case 'GeometryCollection':
      for (const part of geometry.geometries) collect(part, parts)
      break
    case 'Point':
    case 'MultiPoint':
    case undefined:
  }
}

function checkDegrees(path: string, lines: Position[][]): void {
  for (const line of lines) {
    for (const [lon, lat] of line) {
      if (Number.isFinite(lon) && Number.isFinite(lat) && Math.abs(lat!) <= 90 + 1e-9 && Math.abs(lon!) <= 540) continue
      throw new EngineError(
        'boundaries/not-degrees',
        `${path} has the position ${lon}, ${lat}; expected longitude and latitude in degrees (WGS 84). ` +
          'A Shapefile in metres needs its .prj beside it; save other formats in EPSG:4326.',
        { path },
      )
    }
  }
}

function closed(ring: Position[]): Position[] {
  const [first, last] = [ring[0], ring.at(-1)]
  return first && last && (first[0] !== last[0] || first[1] !== last[1]) ? [...ring, first] : ring
}

const nameKeys = /^(?:name|nam|label|title)$/i
const idKeys = /^(?:id|geoid|fid|code|gid|objectid)$/i

function nameOf({ properties }: BoundaryFeature): string | null {
  const found = Object.entries(properties ?? {}).find(([key, value]) => nameKeys.test(key) && isWord(value))
  return found ? String(found[1]) : null
}

const isWord = (value: unknown): value is string | number =>
  (typeof value === 'string' && value !== '') || typeof value === 'number'

/** The features' ids where each has one of its own; else the first column of ids or names that tells all apart; else numbers. */
function identify(features: BoundaryFeature[]): { ids: string[]; idsFrom: string } {
  const keys = [...new Set(features.flatMap(({ properties }) => Object.keys(properties ?? {})))]
  const columns = [...keys.filter((key) => idKeys.test(key)), ...keys.filter((key) => nameKeys.test(key))]
  const candidates: { idsFrom: string; of(feature: BoundaryFeature): unknown }[] = [
    { idsFrom: "the features' ids", of: ({ id }) => id },
    ...columns.map((key) => ({
      idsFrom: `the column ${key}`,
      of: ({ properties }: BoundaryFeature) => properties?.[key],
    })),
  ]
  for (const { idsFrom, of } of candidates) {
    const values = features.map(of)
    if (!values.every(isWord)) continue
    const ids = values.map(String)
    if (new Set(ids).size === ids.length) return { ids, idsFrom }
  }
  return { ids: features.map((_, i) => String(i + 1)), idsFrom: 'their order' }
}
