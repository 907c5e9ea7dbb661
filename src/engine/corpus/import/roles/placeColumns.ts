import { columnsOfPlace, type PlaceColumns } from '../places/placeReader.ts'
import { parsePoint, type PointOrder } from '../places/point.ts'
import { gridsOf, parseMetres } from '../places/projection.ts'
import type { ColumnContent } from './columnContent.ts'
import { nameScore, weakName, wordsOf } from './columnNames.ts'
import { isOldGeo, listedPoints, type ListedPoint } from './listedPoints.ts'

export interface PlaceChoice {
  place: PlaceColumns | null
  /** The columns' names say latitude and longitude, and no x and y. */
  namedDegrees: boolean
  notes: string[]
}

interface Candidate {
  index: number
  name: number
  score: number
}

/** Pairs that score this near to the best one are told of. */
const nearlyAsGood = 0.15

/**
 * The columns of the coordinates, by names and contents together: a pair, or one column of points. Columns called x and y
 * are taken only where they hold degrees, or metres.
 * @param open columns that are not spoken for
 * @param isMetres whether the coordinates are said to be of a projection
 */
export function guessPlace(
  columns: string[],
  contents: ColumnContent[],
  open: number[],
  isMetres: boolean,
): PlaceChoice {
  const candidates = (axis: 'lat' | 'lon'): Candidate[] =>
    open.flatMap((index) => {
      const name = nameScore(axis, columns[index]!)
      const content = contents[index]!
      const fits =
        content.values.length === 0
          ? 0.5
          : isMetres
            ? content.numbers
            : Math.max(content.degrees(axis), name >= weakName ? 0 : content.numbers)
      return name > 0 ? [{ index, name, score: name * (0.25 + 0.75 * fits) }] : []
    })
  const [lats, lons] = [candidates('lat'), candidates('lon')]
  const pairs = lats
    .flatMap((lat) =>
      lons.map((lon) => ({
        lat,
        lon,
        score: lat.score + lon.score + (isOfOneFamily(columns[lat.index]!, columns[lon.index]!) ? 0.1 : 0),
      })),
    )
    .filter(({ lat, lon }) => lat.index !== lon.index)
    .sort((a, b) => b.score - a.score || a.lat.index - b.lat.index || a.lon.index - b.lon.index)
  const listed = bestList(columns, contents, open)
  const point = bestPoint(columns, contents, open)
  const strong =
    pairs.find(({ lat, lon }) => lat.name >= weakName && lon.name >= weakName && lat.score > 0.5 && lon.score > 0.5) ??
    (listed || point ? undefined : pairs.find(({ lat, lon }) => lat.name >= weakName && lon.name >= weakName))
  if (strong && (!point || strong.score / 2.1 >= point.score)) {
    const rival = pairs.find(
      (pair) =>
        pair !== strong &&
        pair.lat.index !== strong.lat.index &&
        pair.lon.index !== strong.lon.index &&
        pair.score > strong.score - nearlyAsGood,
    )
    const notes = rival
      ? [
          `${named(columns, rival)} could be the coordinates as well; ${named(columns, strong)} are taken. Name others by columns.lat and columns.lon.`,
        ]
      : []
    return { place: { lat: strong.lat.index, lon: strong.lon.index }, namedDegrees: true, notes }
  }
  if (listed) return { place: listed.place, namedDegrees: true, notes: listNotes(columns, contents, open, listed) }
  if (point)
    return {
      place: placeOfPoint(columns, contents, point.index),
      namedDegrees: true,
      notes: pointNotes(columns, contents, open, point.index),
    }
  const weak = pairs[0]
  if (!weak) return { place: null, namedDegrees: false, notes: [] }
  const looks =
    isMetres ||
    weak.lat.name >= weakName ||
    weak.lon.name >= weakName ||
    holdDegrees(contents[weak.lat.index]!, contents[weak.lon.index]!) ||
    holdMetres(contents[weak.lat.index]!, contents[weak.lon.index]!)
  const both = named(columns, weak)
  if (!looks)
    return {
      place: null,
      namedDegrees: false,
      notes: [
        `${both} hold ${rangeOf(contents[weak.lon.index]!)} and ${rangeOf(contents[weak.lat.index]!)}: they are not taken for coordinates. If they are, name them (columns.lat, columns.lon).`,
      ],
    }
  const told =
    weak.lat.name < weakName && !isMetres
      ? [`${both} are taken for latitude and longitude by what they hold. Name others by columns.lat and columns.lon.`]
      : []
  return { place: { lat: weak.lat.index, lon: weak.lon.index }, namedDegrees: weak.lat.name >= weakName, notes: told }
}

const named = (columns: string[], { lat, lon }: { lat: { index: number }; lon: { index: number } }) =>
  `"${columns[lat.index]}" and "${columns[lon.index]}"`

/** Whether two names differ in the axis alone: home_lat and home_lon, x and y, LocationLatitude and LocationLongitude. */
function isOfOneFamily(lat: string, lon: string): boolean {
  const rest = (axis: 'lat' | 'lon', name: string) =>
    wordsOf(name)
      .filter((word) => nameScore(axis, word) === 0)
      .join(' ')
  return rest('lat', lat) === rest('lon', lon)
}

/** Whether two columns without a telling name hold degrees: fractions, in range, and not round the origin as a plot's. */
function holdDegrees(lat: ColumnContent, lon: ColumnContent): boolean {
  if (lat.degrees('lat') < 0.9 || lon.degrees('lon') < 0.9) return false
  const fine = (content: ColumnContent) =>
    content.share('fraction', (value) => /[.,]\d{2,}|\D\d{1,2}\D/.test(value)) > 0.5
  return fine(lat) && fine(lon) && ![lat, lon].every(nearOrigin)
}

function nearOrigin(content: ColumnContent): boolean {
  const values = content.values.flatMap((value) => parseMetres(value) ?? [])
  return values.length > 0 && values.every((value) => Math.abs(value) <= 20)
}

function holdMetres(lat: ColumnContent, lon: ColumnContent): boolean {
  const points = lat.values.flatMap((value, i) => {
    const [y, x] = [parseMetres(value), parseMetres(lon.values[i] ?? '')]
    return y === null || x === null ? [] : [{ lat: y, lon: x }]
  })
  return points.length > lat.values.length / 2 && gridsOf(points).length > 0
}

function rangeOf(content: ColumnContent): string {
  const values = content.values.flatMap((value) => parseMetres(value) ?? [])
  return values.length === 0 ? 'no numbers' : `${Math.min(...values)} to ${Math.max(...values)}`
}

/** The fullest list of points; a box only where no list of points is there. */
function bestList(columns: string[], contents: ColumnContent[], open: number[]): ListedPoint | null {
  const filled = ({ place }: ListedPoint) => Math.min(...columnsOfPlace(place).map((index) => contents[index]!.filled))
  const depth = (path: string) => path.split('.').length
  const found = listedPoints(columns).filter((list) => {
    if (!columnsOfPlace(list.place).every((index) => open.includes(index))) return false
    return 'lat' in list.place
      ? contents[list.place.lat]!.degrees('lat') > 0.9 && contents[list.place.lon]!.degrees('lon') > 0.9
      : nameScore('point', list.path) > 0 || /box/.test(list.path)
  })
  return (
    found.sort(
      (a, b) =>
        Number(a.isBox) - Number(b.isBox) ||
        depth(a.path) - depth(b.path) ||
        Number(b.isSure) - Number(a.isSure) ||
        Number(isOldGeo(a.path)) - Number(isOldGeo(b.path)) ||
        filled(b) - filled(a),
    )[0] ?? null
  )
}

function listNotes(
  columns: string[],
  contents: ColumnContent[],
  open: number[],
  { path, place, isBox, order, isSure }: ListedPoint,
): string[] {
  if (isBox) return [`"${path}" holds boxes: the middle of each is taken, which is less exact than a point.`]
  const points = contents[columnsOfPlace(place)[0]!]!.filled
  const box = listedPoints(columns).find(
    (list) =>
      list.isBox &&
      columnsOfPlace(list.place).every((index) => open.includes(index)) &&
      contents[columnsOfPlace(list.place)[0]!]!.filled > points,
  )
  return [
    ...(isSure
      ? []
      : [
          `"${path}" is read as ${order === 'lat-lon' ? 'latitude, longitude' : 'longitude, latitude'}; columns.point: ${path} with columns.pointOrder says otherwise.`,
        ]),
    ...(box
      ? [
          `More rows have a box ("${box.path}") than a point ("${path}"): columns.point: ${box.path} takes the middle of each box instead.`,
        ]
      : []),
  ]
}

/** The place that a named column holds, or a list of numbers in JSON of that path. */
export function namedPoint(
  columns: string[],
  contents: ColumnContent[],
  name: string,
  wanted: PointOrder | undefined,
): PlaceColumns | null {
  const index = columns.indexOf(name)
  if (index >= 0) return wanted ? { point: index, order: wanted } : placeOfPoint(columns, contents, index)
  const list = listedPoints(columns).find(({ path }) => path === name || path === `${name}.coordinates`)
  if (!list) return null
  return wanted && wanted !== list.order && 'lat' in list.place
    ? { lat: list.place.lon, lon: list.place.lat }
    : list.place
}

function bestPoint(
  columns: string[],
  contents: ColumnContent[],
  open: number[],
): { index: number; score: number } | null {
  const found = open.flatMap((index) => {
    const content = contents[index]!
    if (content.points < 0.5 || isOfOneAxis(columns[index]!)) return []
    const name = nameScore('point', columns[index]!)
    // Without a telling name only a form that nothing else has.
    if (name === 0 && content.share('shaped', (value) => parsePoint(value)?.order != null) < 0.9) return []
    // Older tweets have [lat, lon] in geo and [lon, lat] in coordinates; a box says less than a point.
    const doubt = (columns[index] === 'geo' || columns[index] === 'geo.coordinates' ? 0.05 : 0) + 0.4 * content.boxes
    return [{ index, score: 0.5 * Math.max(name, 0.3) + 0.5 * content.points - doubt }]
  })
  return found.sort((a, b) => b.score - a.score || a.index - b.index)[0] ?? null
}

/** Whether a name speaks of one coordinate: "47,3769" in position.latitude has a decimal comma, and is no point. */
const isOfOneAxis = (name: string) => nameScore('lat', name) >= weakName !== nameScore('lon', name) >= weakName

/** A column of points. The "geo" of older tweets has the latitude first, whatever its form of GeoJSON promises. */
function placeOfPoint(columns: string[], contents: ColumnContent[], index: number): PlaceColumns {
  const [name, content] = [columns[index]!, contents[index]!]
  const isOldGeo =
    /(^|\.)geo$/.test(name) &&
    content.share('geo', (value) => /^\{\W*type\W+Point\W+coordinates\W+\[?[-\d]/.test(value)) > 0.5
  return isOldGeo ? { point: index, order: 'lat-lon', isOldGeo } : { point: index, order: pointOrderOf(name, content) }
}

/** The order of two coordinates in one column: as the values say by themselves or by their range, else as the name does; latitude first by default. */
export function pointOrderOf(name: string, content: ColumnContent): PointOrder {
  const points = content.values.flatMap((value) => parsePoint(value) ?? [])
  if (points.some(({ first }) => Math.abs(first) > 90)) return 'lon-lat'
  if (points.some(({ second }) => Math.abs(second) > 90)) return 'lat-lon'
  // GeoJSON has the longitude first; only the old "geo" of tweets has the latitude first.
  if (/(^|\.)coordinates$/.test(name) && content.objects > 0.5)
    return name === 'geo.coordinates' ? 'lat-lon' : 'lon-lat'
  return /^(lon|lng|long|longitude|x)/.test(wordsOf(name)[0] ?? '') ? 'lon-lat' : 'lat-lon'
}

function pointNotes(columns: string[], contents: ColumnContent[], open: number[], index: number): string[] {
  const content = contents[index]!
  const name = columns[index]!
  if (content.boxes > 0.5)
    return [`"${name}" holds boxes: the middle of each is taken, which is less exact than a point.`]
  const box = open.find((other) => other !== index && contents[other]!.boxes > 0.5)
  const notes =
    box !== undefined && contents[box]!.filled > content.filled
      ? [
          `More rows have a box ("${columns[box]}") than a point ("${name}"): columns.point: ${columns[box]} takes the middle of each box instead.`,
        ]
      : []
  const unsaid = content.values.some((value) => parsePoint(value)?.order === null) && content.objects < 0.5
  if (unsaid)
    notes.push(
      `"${name}" is read as ${pointOrderOf(name, content) === 'lat-lon' ? 'latitude, longitude' : 'longitude, latitude'}; columns.pointOrder says otherwise.`,
    )
  return notes
}
