import type { PlaceColumns } from '../places/placeReader.ts'
import type { PointOrder } from '../places/point.ts'
import { wordsOf } from './columnNames.ts'

/** A list of numbers in JSON, whose numbers are columns of their own: "coordinates.coordinates.0" and "...1". */
export interface ListedPoint {
  path: string
  place: PlaceColumns
  /** It is a box, not a point. */
  isBox: boolean
  order: PointOrder
  /** Whether the list is known to have this order (GeoJSON), or it is a guess. */
  isSure: boolean
}

const lastNumbers = /^(.*?)((?:\.\d+){1,3})$/

/**
 * Lists of two or three numbers (points), of four (boxes: west, south, east, north) and of points (boxes) among columns.
 * GeoJSON has the longitude first; tweets have an older "geo" with the latitude first.
 */
export function listedPoints(columns: string[]): ListedPoint[] {
  const lists = new Map<string, { index: number; numbers: number[] }[]>()
  for (const [index, name] of columns.entries()) {
    const found = lastNumbers.exec(name)
    if (!found || found[1] === '') continue
    const path = found[1]!
    lists.set(path, [...(lists.get(path) ?? []), { index, numbers: found[2]!.slice(1).split('.').map(Number) }])
  }
  return [...lists].flatMap(([path, parts]): ListedPoint[] => {
    const depth = parts[0]!.numbers.length
    if (parts.some(({ numbers }) => numbers.length !== depth)) return []
    const { order, isSure } = orderOf(path, columns)
    if (depth === 1 && (parts.length === 2 || parts.length === 3)) {
      const [first, second] = [parts[0]!.index, parts[1]!.index]
      return [
        {
          path,
          isBox: false,
          order,
          isSure,
          place: order === 'lat-lon' ? { lat: first, lon: second } : { lat: second, lon: first },
        },
      ]
    }
    const at = (axis: number) =>
      parts.filter(({ numbers }) => (depth === 1 ? numbers[0]! % 2 : numbers.at(-1)) === axis).map(({ index }) => index)
    const [lons, lats] = [at(0), at(1)]
    if ((depth === 1 && parts.length !== 4) || lats.length < 2 || lats.length !== lons.length) return []
    return [{ path, isBox: true, order: 'lon-lat', isSure: true, place: { lats, lons } }]
  })
}

/** The older place of a tweet, beside "coordinates". */
export const isOldGeo = (path: string): boolean => /(^|\.)geo\.coordinates$/.test(path)

function orderOf(path: string, columns: string[]): { order: PointOrder; isSure: boolean } {
  if (isOldGeo(path)) return { order: 'lat-lon', isSure: true }
  const isGeoJson = path.endsWith('.coordinates') && columns.includes(`${path.slice(0, -'.coordinates'.length)}.type`)
  if (isGeoJson || /(^|\.)(geometry|coordinates)\.coordinates$/.test(path)) return { order: 'lon-lat', isSure: true }
  return {
    order: /^(lon|lng|long|longitude|x)/.test(wordsOf(path).at(-1) ?? '') ? 'lon-lat' : 'lat-lon',
    isSure: false,
  }
}
