import { z } from 'zod'
import { notReadable } from './boundaryErrors.ts'
import type { BoundaryFeature } from './boundaryFeature.ts'

const position = z.array(z.number()).min(2)
const line = z.array(position)
const geometry = z.discriminatedUnion('type', [
  z.object({ type: z.literal('Point'), coordinates: z.array(z.number()) }),
  z.object({ type: z.literal('MultiPoint'), coordinates: z.array(position) }),
  z.object({ type: z.literal('LineString'), coordinates: line }),
  z.object({ type: z.literal('MultiLineString'), coordinates: z.array(line) }),
  z.object({ type: z.literal('Polygon'), coordinates: z.array(line) }),
  z.object({ type: z.literal('MultiPolygon'), coordinates: z.array(z.array(line)) }),
  z.object({
    type: z.literal('GeometryCollection'),
    get geometries() {
      return z.array(geometry)
    },
  }),
])
const feature = z.object({
  type: z.literal('Feature'),
  id: z.union([z.string(), z.number()]).optional(),
  properties: z.record(z.string(), z.unknown()).nullish().default(null),
  geometry: geometry.nullable(),
})
const collection = z.object({ type: z.literal('FeatureCollection'), features: z.array(feature) })

/** Of before RFC 7946, when files named their coordinates' system. */
const namedSystem = z.object({ crs: z.object({ properties: z.object({ name: z.string() }) }) })
const degrees = /CRS:?:?84$|EPSG:(?:[\d.]*:)?(?:4326|4258|4269)$/

/** The features of a GeoJSON text: a collection, one feature or a bare geometry. */
export function geoJsonFeatures(path: string, text: string): BoundaryFeature[] {
  let parsed: unknown
  try {
    parsed = JSON.parse(text)
  } catch (cause) {
    throw notReadable(path, `it is no JSON (${(cause as Error).message})`, cause)
  }
  const system = namedSystem.safeParse(parsed).data?.crs.properties.name
  if (system !== undefined && !degrees.test(system))
    throw notReadable(path, `its coordinates are in ${system}, expected degrees of WGS 84 (EPSG:4326)`)
  const type = (parsed as { type?: unknown } | null)?.type
  const read = (): BoundaryFeature[] => {
    if (type === 'FeatureCollection') return collection.parse(parsed).features as BoundaryFeature[]
    if (type === 'Feature') return [feature.parse(parsed) as BoundaryFeature]
    return [{ type: 'Feature', properties: null, geometry: geometry.parse(parsed) as BoundaryFeature['geometry'] }]
  }
  try {
    return read()
  } catch (cause) {
    const issue = cause instanceof z.ZodError ? cause.issues[0] : undefined
    throw notReadable(
      path,
      `it is no GeoJSON (${issue ? `${issue.path.join('.')}: ${issue.message}` : String(cause)})`,
      cause,
    )
  }
}
