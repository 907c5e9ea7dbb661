import { parseAngle, type Angle } from './angle.ts'

export type PointOrder = 'lat-lon' | 'lon-lat'

/** Two coordinates that stand in one field, in the order of the field; `order` where the field itself says it. */
export interface FieldPoint {
  first: number
  second: number
  order: PointOrder | null
  /** It is the middle of a box, not a point. */
  fromBox: boolean
}

const wkt = /^(?:SRID=\d+;\s*)?POINT\s*(?:Z|M|ZM)?\s*\(\s*([-+\d.eE]+)\s+([-+\d.eE]+)(?:\s+[-+\d.eE]+){0,2}\s*\)$/i
/** Other geometries of WKT; of several points the middle of what they span. */
const wktShape = /^(?:SRID=\d+;\s*)?(?:MULTI)?(?:POINT|LINESTRING|POLYGON)\s*(?:Z|M|ZM)?\s*\(([^A-Z]*)\)$/i
/** Well-known binary in hexadecimal digits, as PostGIS writes a column of geometry. */
const wkb = /^0[01][\da-f]{40,80}$/i
const geoUri = /^geo:([-+\d.]+),([-+\d.]+)/i

/**
 * A point that stands in one field: "47.37, 8.54" in any notation of `parseAngle` and with any sign between, WKT
 * ("POINT (8.54 47.37)"), GeoJSON, a JSON array or object, a geo URI; of a box of GeoJSON the middle. Null for all else.
 */
export function parsePoint(field: string, oIsWest = false): FieldPoint | null {
  const text = field.trim()
  if (text === '' || (text.length > 2000 && !/^(SRID|MULTI|POLY|LINE)/i.test(text))) return null
  const shaped = wkt.exec(text)
  if (shaped) return pointOf(Number(shaped[1]), Number(shaped[2]), 'lon-lat')
  if (wkb.test(text)) return wkbPoint(Buffer.from(text, 'hex'))
  const several = wktShape.exec(text)
  if (several)
    return middleOfSpan(
      several[1]!.split(',').map((pair) => pair.replace(/[()]/g, ' ').trim().split(/\s+/).map(Number)),
    )
  const uri = geoUri.exec(text)
  if (uri) return pointOf(Number(uri[1]), Number(uri[2]), 'lat-lon')
  if (text.startsWith('{') || text.startsWith('[')) return jsonPoint(text)
  return parted(text.replace(/^\((.*)\)$/s, '$1'), oIsWest)
}

const pointOf = (first: number, second: number, order: PointOrder | null, fromBox = false): FieldPoint | null =>
  Number.isFinite(first) && Number.isFinite(second) ? { first, second, order, fromBox } : null

const [hasSrid, kind] = [0x2000_0000, 0xff]

/** ISO 13249-3 with PostGIS' number of the reference system; null for what is no point of degrees. */
function wkbPoint(bytes: Buffer): FieldPoint | null {
  const isLittle = bytes[0] === 1
  const whole = (at: number) => (isLittle ? bytes.readUInt32LE(at) : bytes.readUInt32BE(at))
  const type = whole(1)
  if ((type & kind) % 1000 !== 1) return null
  if (type & hasSrid && ![4326, 4258, 4269].includes(whole(5))) return null
  const at = type & hasSrid ? 9 : 5
  if (bytes.length < at + 16) return null
  const double = (from: number) => (isLittle ? bytes.readDoubleLE(from) : bytes.readDoubleBE(from))
  return pointOf(double(at), double(at + 8), 'lon-lat')
}

/** JSON, or what Python writes for it: {'type': 'Point', 'coordinates': [8.5, 47.4]}. */
function parseLoosely(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    if (!text.includes("'")) return null
  }
  try {
    return JSON.parse(text.replaceAll("'", '"').replace(/\bNone\b/g, 'null'))
  } catch {
    return null
  }
}

function jsonPoint(text: string): FieldPoint | null {
  const value = parseLoosely(text)
  if (value === null) return null
  if (Array.isArray(value)) return arrayPoint(value, null)
  const held = value as Record<string, unknown>
  if (Array.isArray(held['coordinates'])) return arrayPoint(held['coordinates'], 'lon-lat')
  const lat = held['lat'] ?? held['latitude']
  const lon = held['lon'] ?? held['lng'] ?? held['longitude']
  const [y, x] = [parseAngle(text_(lat)), parseAngle(text_(lon))]
  return y && x ? pointOf(y.degrees, x.degrees, 'lat-lon') : null
}

const text_ = (value: unknown) => (typeof value === 'number' || typeof value === 'string' ? String(value) : '')

/** Two or three numbers are a point; four a box [west, south, east, north]; rings of points the box round them. */
function arrayPoint(value: unknown[], order: PointOrder | null): FieldPoint | null {
  const numbers = value.map((item) => (typeof item === 'number' || typeof item === 'string' ? Number(item) : NaN))
  if (numbers.every(Number.isFinite)) {
    if (numbers.length === 2 || numbers.length === 3) return pointOf(numbers[0]!, numbers[1]!, order)
    return numbers.length === 4
      ? pointOf((numbers[0]! + numbers[2]!) / 2, (numbers[1]! + numbers[3]!) / 2, 'lon-lat', true)
      : null
  }
  const corners = cornersOf(value)
  return corners ? middleOfSpan(corners) : null
}

/** The middle of what points span, longitude first; one alone is itself. */
function middleOfSpan(corners: number[][]): FieldPoint | null {
  if (corners.length === 0 || corners.some((corner) => corner.length < 2)) return null
  const middle = (axis: 0 | 1) => {
    const all = corners.map((corner) => corner[axis]!)
    return (Math.min(...all) + Math.max(...all)) / 2
  }
  return pointOf(middle(0), middle(1), 'lon-lat', corners.length > 1)
}

/** The points at the bottom of nested arrays; null where something else is there. */
function cornersOf(value: unknown): number[][] | null {
  if (!Array.isArray(value)) return null
  if (typeof value[0] === 'number' && typeof value[1] === 'number') return [value as number[]]
  const inner = value.map(cornersOf)
  return inner.every((corners) => corners !== null) ? inner.flat() : null
}

/** What may stand between two coordinates; a single space last, since it stands inside of them too. */
const separators = [/\s*[;|/]\s*/, /\s*,\s+/, /\s*,\s*/, /\t/, /\s+/]

function parted(text: string, oIsWest: boolean): FieldPoint | null {
  for (const separator of separators) {
    const parts = text.split(separator)
    const halves = parts.length === 2 ? parts : middleOf(text, separator, parts.length)
    if (!halves) continue
    const [a, b] = [parseAngle(halves[0]!, oIsWest), parseAngle(halves[1]!, oIsWest)]
    if (a && b && !(a.axis && a.axis === b.axis)) return pointOf(a.degrees, b.degrees, orderOf(a, b))
  }
  return null
}

/** Two coordinates of as many parts each, "47,37, 8,54" or "47 22 37 N 8 32 30 E", are cut in the middle. */
function middleOf(text: string, separator: RegExp, parts: number): string[] | null {
  if (parts < 4 || parts > 8 || parts % 2 === 1) return null
  let end = 0
  const pattern = new RegExp(separator, 'g')
  for (let i = 0; i < parts / 2; i++) {
    const found = pattern.exec(text)
    if (!found) return null
    end = i === parts / 2 - 1 ? found.index : end
  }
  const rest = text.slice(end)
  return [text.slice(0, end), rest.replace(separator, '')]
}

const orderOf = (a: Angle, b: Angle): PointOrder | null =>
  a.axis === 'lat' || b.axis === 'lon' ? 'lat-lon' : a.axis === 'lon' || b.axis === 'lat' ? 'lon-lat' : null
