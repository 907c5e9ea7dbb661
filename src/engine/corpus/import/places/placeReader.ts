import type { RowFields } from '../form/rowFields.ts'
import { parseAngle, type Angle } from './angle.ts'
import { degreesOf } from './degrees.ts'
import { parsePoint, type FieldPoint, type PointOrder } from './point.ts'
import { parseMetres, type Unproject } from './projection.ts'

/** Where a row's coordinates stand: in two columns, in one, or in the corners of a box. */
export type PlaceColumns =
  | { lat: number; lon: number }
  | { point: number; order: PointOrder; isOldGeo?: boolean }
  | { lats: number[]; lons: number[] }

/** The columns that hold coordinates. */
export const columnsOfPlace = (place: PlaceColumns): number[] =>
  'point' in place ? [place.point] : 'lats' in place ? [...place.lats, ...place.lons] : [place.lat, place.lon]

/** The order of a field's point: as it says itself, but for the "geo" of older tweets, which looks like GeoJSON and is not. */
export const orderIn = (columns: Extract<PlaceColumns, { point: number }>, found: FieldPoint): PointOrder =>
  columns.isOldGeo ? columns.order : (found.order ?? columns.order)

/** How a source writes its coordinates, as its sample shows. */
export interface PlaceConventions {
  /** The letter O is west (oeste, ouest, ovest). */
  oIsWest: boolean
  /** Longitudes run from 0 to 360. */
  wraps: boolean
  /** What coordinates that are no degrees look like, and what to do. */
  looksLike: string | null
  unproject: Unproject | null
}

export interface Problem {
  reason: string
  explanation: string
}

const noNumber = 'Expected decimal degrees such as 47.37, or degrees, minutes and seconds.'
const shown = (field: string) => (field.length > 40 ? `"${field.slice(0, 40)}…"` : `"${field}"`)

/**
 * Reads the coordinates of rows. One object serves all rows of a source: after `read` it holds those of the row, in WGS84
 * degrees. Plain decimal degrees are read from the bytes.
 */
export class PlaceReader {
  lat = NaN
  lon = NaN
  /** Rows so far: with longitudes beyond 180 that were taken west of Greenwich, of a box, with one coordinate of exactly 0. */
  readonly counts = { wrapped: 0, boxes: 0, zeroLat: 0, zeroLon: 0 }
  readonly #columns: PlaceColumns
  readonly #conventions: PlaceConventions

  constructor(columns: PlaceColumns, conventions: PlaceConventions) {
    this.#columns = columns
    this.#conventions = conventions
  }

  /** @returns why the row's coordinates cannot be used; null where they can */
  read(fields: RowFields): Problem | null {
    const columns = this.#columns
    const problem =
      'point' in columns
        ? this.#readPoint(fields, columns)
        : 'lats' in columns
          ? this.#readBox(fields, columns)
          : this.#readPair(fields, columns)
    return problem ?? this.#check()
  }

  #readPair(fields: RowFields, columns: { lat: number; lon: number }): Problem | null {
    if (this.#conventions.unproject)
      return this.#readMetres(parseMetres(fields.text(columns.lon)), parseMetres(fields.text(columns.lat)), () => [
        fields.text(columns.lat),
        fields.text(columns.lon),
      ])
    const lat = degreesOf(fields.bytes, fields.starts[columns.lat]!, fields.ends[columns.lat]!)
    const lon = degreesOf(fields.bytes, fields.starts[columns.lon]!, fields.ends[columns.lon]!)
    if (lat === null || lon === null) return this.#readNotation(fields.text(columns.lat), fields.text(columns.lon))
    this.lat = lat
    this.lon = lon
    return null
  }

  #readNotation(latText: string, lonText: string): Problem | null {
    const { oIsWest } = this.#conventions
    const [lat, lon] = [parseAngle(latText, oIsWest), parseAngle(lonText, oIsWest)]
    if (!lat || !lon) return this.#unread(latText, lonText)
    const crossed = lat.axis === 'lon' || lon.axis === 'lat'
    if (crossed && (lat.axis === 'lat' || lon.axis === 'lon')) return noCoordinates(latText, lonText)
    const [y, x]: [Angle, Angle] = crossed ? [lon, lat] : [lat, lon]
    this.lat = y.degrees
    this.lon = x.degrees
    return null
  }

  /** The middle of what the corners span. */
  #readBox(fields: RowFields, { lats, lons }: { lats: number[]; lons: number[] }): Problem | null {
    const middle = (columns: number[]) => {
      const values = columns.flatMap(
        (index) => degreesOf(fields.bytes, fields.starts[index]!, fields.ends[index]!) ?? [],
      )
      return values.length === 0 ? null : (Math.min(...values) + Math.max(...values)) / 2
    }
    const [lat, lon] = [middle(lats), middle(lons)]
    if (lat === null || lon === null) return noCoordinates('', '')
    this.counts.boxes++
    this.lat = lat
    this.lon = lon
    return null
  }

  #unread(lat: string, lon: string): Problem {
    const problem = noCoordinates(lat, lon)
    const { looksLike } = this.#conventions
    return looksLike && parseMetres(lat) !== null && parseMetres(lon) !== null
      ? { ...problem, explanation: `${problem.explanation} ${looksLike}` }
      : problem
  }

  #readPoint(fields: RowFields, columns: Extract<PlaceColumns, { point: number }>): Problem | null {
    const text = fields.text(columns.point)
    const { oIsWest, unproject } = this.#conventions
    const found = parsePoint(text, oIsWest)
    if (!found)
      return {
        reason: 'no-coordinates',
        explanation:
          text.trim() === ''
            ? 'The coordinates are missing.'
            : `The coordinates ${shown(text.trim())} are no point. Expected two numbers such as "47.37, 8.54", or POINT (8.54 47.37).`,
      }
    const latFirst = orderIn(columns, found) === 'lat-lon'
    const [lat, lon] = latFirst ? [found.first, found.second] : [found.second, found.first]
    if (unproject) return this.#readMetres(lon, lat, () => [String(lat), String(lon)])
    if (found.fromBox) this.counts.boxes++
    this.lat = lat
    this.lon = lon
    return null
  }

  #readMetres(east: number | null, north: number | null, texts: () => [string, string]): Problem | null {
    if (east === null || north === null) return noCoordinates(...texts())
    const found = this.#conventions.unproject!(east, north)
    if (!found)
      return { reason: 'out-of-range', explanation: `Easting ${east} and northing ${north} lie outside of corpus.crs.` }
    this.lat = found.lat
    this.lon = found.lon
    return null
  }

  #check(): Problem | null {
    const { lat, lon } = this
    if (Math.abs(lat) > 90 || Math.abs(lon) > 180) {
      if (this.#conventions.wraps && Math.abs(lat) <= 90 && lon > 180 && lon <= 360) {
        this.lon = lon - 360
        this.counts.wrapped++
        return null
      }
      return {
        reason: 'out-of-range',
        explanation: `Latitude ${lat} is not within 90 or longitude ${lon} not within 180 degrees.${this.#likeness(lat, lon)}`,
      }
    }
    if (lat === 0 || lon === 0) {
      if (lat === lon)
        return { reason: 'null-island', explanation: 'Latitude and longitude are both 0, which stands for "unknown".' }
      this.counts[lat === 0 ? 'zeroLat' : 'zeroLon']++
    }
    return null
  }

  #likeness(lat: number, lon: number): string {
    if (Math.abs(lat) <= 180 && Math.abs(lon) <= 90) return ' They look swapped: the other way round they would be.'
    const lost =
      [lat, lon].some((value) => Math.abs(value) >= 1000) &&
      [lat, lon].every((value) => Number.isInteger(value) || Math.abs(value) <= 180)
    const { looksLike } = this.#conventions
    if (looksLike) return ` ${looksLike}`
    return lost
      ? ' Decimal points seem to be lost (4737 for 47.37): a spreadsheet does so that takes the point for a sign between thousands. Export the table again, with the right decimal sign.'
      : ''
  }
}

const noCoordinates = (lat: string, lon: string): Problem => ({
  reason: 'no-coordinates',
  explanation:
    lat.trim() === '' && lon.trim() === ''
      ? 'Latitude and longitude are missing.'
      : `Latitude ${shown(lat.trim())} or longitude ${shown(lon.trim())} is missing or no number. ${noNumber}`,
})
