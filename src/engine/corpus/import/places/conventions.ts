import { longitudeLetter, parseAngle } from './angle.ts'
import { columnsOfPlace, orderIn, type PlaceColumns, type PlaceConventions } from './placeReader.ts'
import { parsePoint } from './point.ts'
import { gridsOf, isDegrees, parseMetres, unprojection } from './projection.ts'

/**
 * How a source writes its coordinates, guessed from its sample, with what is to be told of it.
 * @param namedDegrees the columns are called latitude and longitude, and no x and y
 * @throws EngineError 'import/unknown-crs'
 */
export function placeConventions(
  place: PlaceColumns,
  sample: string[][],
  crs: string | undefined,
  namedDegrees: boolean,
): { conventions: PlaceConventions; notes: string[] } {
  const notes: string[] = []
  const fields = sample.flatMap((row) => columnsOfPlace(place).map((index) => row[index] ?? ''))
  const { oIsWest, doubt } = readsOAsWest(fields)
  if (doubt)
    notes.push('The letter O is read as Ost (east): no E and no W is there to tell it from oeste or ouest (west).')
  const unproject = crs === undefined || isDegrees(crs) ? null : unprojection(crs)
  const points = sample.flatMap((row) => rawPoint(row, place, oIsWest))
  const wraps = points.length > 0 && points.every(({ lon }) => lon >= 0)
  return {
    conventions: { oIsWest, wraps, looksLike: unproject ? null : projectionSentence(points, namedDegrees), unproject },
    notes,
  }
}

function rawPoint(row: string[], place: PlaceColumns, oIsWest: boolean): { lat: number; lon: number }[] {
  if ('point' in place) {
    const found = parsePoint(row[place.point] ?? '', oIsWest)
    if (!found) return []
    const latFirst = orderIn(place, found) === 'lat-lon'
    return [latFirst ? { lat: found.first, lon: found.second } : { lat: found.second, lon: found.first }]
  }
  if ('lats' in place) return []
  const value = (text = '') => parseAngle(text, oIsWest)?.degrees ?? parseMetres(text)
  const [lat, lon] = [value(row[place.lat]), value(row[place.lon])]
  return lat === null || lon === null ? [] : [{ lat, lon }]
}

function projectionSentence(points: { lat: number; lon: number }[], namedDegrees: boolean): string | null {
  const grids = gridsOf(points.filter(({ lat, lon }) => lat !== 0 || lon !== 0))
  if (grids.length === 0) return null
  const lost =
    namedDegrees &&
    points.every(({ lat, lon }) => Number.isInteger(lat) && Number.isInteger(lon)) &&
    !grids[0]!.startsWith('Swiss')
      ? ' Or decimal points are lost (473769 for 47.3769).'
      : ''
  return `They look like metres of a projection: ${grids.join(', or ')}. Say which (--crs, corpus.crs), or convert them to degrees of WGS84.${lost}`
}

/** "O" is west where E is east, and Ost where W is west. */
function readsOAsWest(fields: string[]): { oIsWest: boolean; doubt: boolean } {
  const letters = new Set(fields.flatMap((field) => longitudeLetter(field) ?? []))
  if (!letters.has('o')) return { oIsWest: false, doubt: false }
  return { oIsWest: letters.has('e'), doubt: !letters.has('e') && !letters.has('w') }
}
