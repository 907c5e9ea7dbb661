import type { JsonObject } from './parseJson.ts'

const isObject = (value: unknown): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/**
 * A GeoJSON feature as a row: `lat` and `lon` of its point, its properties under their own names, its id. A property called
 * lat, lon or id becomes "properties.lat". Of other geometries there is no point: rows without coordinates are rejected.
 */
export function featureRow(feature: JsonObject): JsonObject {
  const { geometry, properties, id } = feature
  const position: unknown = isObject(geometry) && geometry['type'] === 'Point' ? geometry['coordinates'] : null
  const [lon, lat] = Array.isArray(position) ? (position as unknown[]) : []
  const row = new Map<string, unknown>([
    ['lat', lat],
    ['lon', lon],
  ])
  if (id !== undefined) row.set('id', id)
  for (const [name, value] of Object.entries(isObject(properties) ? properties : {}))
    row.set(row.has(name) ? `properties.${name}` : name, value)
  return Object.fromEntries(row)
}
