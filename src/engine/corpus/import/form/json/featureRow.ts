import type { JsonObject } from './parseJson.ts'

const isObject = (value: unknown): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/**
 * A GeoJSON feature as a row: `lat` and `lon` of its point, its properties under their own names, its id. A property called
 * lat, lon or id becomes "properties.lat". Of other geometries there is no point: they are a column of their own, `geometry`.
 * Esri's features, whose points have x and y and whose properties are called attributes, are read the same.
 */
export function featureRow(feature: JsonObject): JsonObject {
  const { geometry, id } = feature
  const properties = feature['properties'] ?? feature['attributes']
  const row = new Map<string, unknown>()
  const point = isObject(geometry) ? pointOf(geometry) : []
  if (point === null) row.set('geometry', JSON.stringify(geometry))
  else row.set('lat', point[1]).set('lon', point[0])
  if (id !== undefined) row.set('id', id)
  for (const [name, value] of Object.entries(isObject(properties) ? properties : {}))
    row.set(row.has(name) ? `properties.${name}` : name, value)
  return Object.fromEntries(row)
}

/** Longitude and latitude of a point, or of several that are one; null of another geometry. */
function pointOf({ type, coordinates, x, y }: JsonObject): unknown[] | null {
  if (type === undefined && typeof x === 'number' && typeof y === 'number') return [x, y]
  if (!Array.isArray(coordinates)) return null
  if (type === 'Point') return coordinates
  return type === 'MultiPoint' && coordinates.length === 1 ? (coordinates[0] as unknown[]) : null
}
