import { readFile, stat } from 'node:fs/promises'
import { parse } from 'csv-parse/sync'
import { geoCentroid } from 'd3-geo'
import type { Position } from 'geojson'
import { EngineError } from '#protocol/errors.ts'
import { readBoundaries } from '#engine/geo/boundaries/readBoundaries.ts'
import { sharedBorders } from '#engine/geo/boundaries/sharedBorders.ts'
import type { AreaRates } from './areaRates.ts'

export interface ReadRates {
  rates: AreaRates
  /** By area; null of a table. */
  polygons: Position[][][][] | null
  variant: string
  /** What was taken for what. */
  reading: string
}

const idNames = /^(?:id|area|unit|name|code|region|state|geoid)$/i
const latNames = /^(?:lat|latitude|y)$/i
const lonNames = /^(?:lon|lng|long|longitude|x)$/i
const usersNames = /^(?:users|hits|count|k|yes)$/i
const informantsNames = /^(?:informants|n|total|size|asked|n_.*)$/i
/** A table of areas has no more than this. */
const mostBytes = 64 << 20

/**
 * Areas with counts: a CSV or TSV with a place in degrees, informants and users a row, or GeoJSON, KML or a Shapefile of areas with
 * the counts as properties.
 * @param wanted the column of users; without it the one that is called so
 * @throws EngineError 'rates/not-readable', 'rates/no-column', 'rates/bad-row', and those of boundaries
 */
export async function readRates(file: string, wanted: string | undefined): Promise<ReadRates> {
  const { size } = await stat(file).catch((cause: unknown) => {
    throw new EngineError(
      'rates/not-readable',
      `${file} cannot be opened. Name a file that exists.`,
      { path: file },
      { cause },
    )
  })
  if (size > mostBytes)
    throw new EngineError(
      'rates/not-readable',
      `${file} has ${size} bytes; a table of areas has at most ${mostBytes}.`,
      {
        path: file,
      },
    )
  if (/\.(?:csv|tsv|txt)$/i.test(file)) return fromTable(file, wanted)
  const { areas, idsFrom, format } = await readBoundaries(file)
  const columns = [...new Set(areas.flatMap(({ properties }) => Object.keys(properties)))]
  const { users, informants } = countColumns(file, columns, wanted)
  const polygons = areas.map((area) => area.polygons)
  const centres = polygons.map((coordinates) =>
    geoCentroid({ type: 'MultiPolygon', coordinates: clockwise(coordinates) }),
  )
  const counted = areas.map(({ properties, id }) =>
    countsOf(file, `area ${id}`, String(properties[informants] ?? ''), String(properties[users] ?? '')),
  )
  return {
    rates: {
      ids: areas.map(({ id }) => id),
      names: areas.map(({ name }) => name),
      places: {
        lat: Float64Array.from(centres, ([, lat]) => lat),
        lon: Float64Array.from(centres, ([lon]) => lon),
      },
      ...columnsOf(counted),
      touching: () => sharedBorders(polygons),
    },
    polygons,
    variant: users,
    reading: `${format}, ${areas.length} areas, ids are ${idsFrom}, users are ${users}, informants are ${informants}`,
  }
}

async function fromTable(file: string, wanted: string | undefined): Promise<ReadRates> {
  const text = await readFile(file, 'utf8')
  const delimiter = [',', ';', '\t'].find((sign) => text.split('\n', 1)[0]!.includes(sign)) ?? ','
  let rows: Record<string, string>[]
  try {
    rows = parse(text, { columns: true, delimiter, bom: true, skip_empty_lines: true, trim: true })
  } catch (cause) {
    throw new EngineError(
      'rates/not-readable',
      `${file} is no table: ${cause instanceof Error ? cause.message : String(cause)}. Save it as CSV with a header.`,
      { path: file },
      { cause },
    )
  }
  const columns = Object.keys(rows[0] ?? {})
  const needed = (names: RegExp, what: string) => {
    const found = columns.find((name) => names.test(name))
    if (found === undefined) throw noColumn(file, columns, what)
    return found
  }
  const [lat, lon] = [needed(latNames, 'of latitudes (lat)'), needed(lonNames, 'of longitudes (lon)')]
  const id = columns.find((name) => idNames.test(name))
  const { users, informants } = countColumns(file, columns, wanted)
  const line = (i: number) => `row ${i + 2}`
  const places = rows.map((row, i) => {
    const place = [Number(row[lat] || NaN), Number(row[lon] || NaN)] as const
    if (Math.abs(place[0]) <= 90 && Math.abs(place[1]) <= 180) return place
    throw badRow(file, line(i), `${lat} "${row[lat]}" and ${lon} "${row[lon]}"`, 'degrees')
  })
  const ids = rows.map((row, i) => (id === undefined ? String(i + 1) : row[id]!))
  const twice = ids.findIndex((one, i) => ids.indexOf(one) < i)
  if (twice >= 0) throw badRow(file, line(twice), `the id "${ids[twice]}" a second time`, 'each area once')
  const counted = rows.map((row, i) => countsOf(file, line(i), row[informants] ?? '', row[users] ?? ''))
  return {
    rates: {
      ids,
      names: ids.map(() => null),
      places: {
        lat: Float64Array.from(places, ([latitude]) => latitude),
        lon: Float64Array.from(places, ([, longitude]) => longitude),
      },
      ...columnsOf(counted),
      touching: null,
    },
    polygons: null,
    variant: users,
    reading: `a table of ${rows.length} areas, ids are ${id ?? 'their order'}, places are ${lat} and ${lon}, users are ${users}, informants are ${informants}`,
  }
}

/** Informants stand nearest before the users, where several columns may be meant: a table has a number asked for each question. */
function countColumns(file: string, columns: string[], wanted: string | undefined) {
  const users = wanted ?? columns.find((name) => usersNames.test(name))
  if (users === undefined || !columns.includes(users))
    throw noColumn(file, columns, wanted === undefined ? 'of users' : `"${wanted}"`)
  const at = columns.indexOf(users)
  const informants =
    columns.slice(0, at).findLast((name) => informantsNames.test(name)) ??
    columns.slice(at + 1).find((name) => informantsNames.test(name))
  if (informants === undefined) throw noColumn(file, columns, 'of informants (informants, n)')
  return { users, informants }
}

function countsOf(file: string, where: string, informantsText: string, usersText: string) {
  const [informants, users] = [Number(informantsText || NaN), Number(usersText || NaN)]
  if (informants >= 0 && users >= 0 && users <= informants && Number.isFinite(informants)) return { informants, users }
  throw badRow(
    file,
    where,
    `"${usersText}" users among "${informantsText}" informants`,
    'numbers, and no more users than informants',
  )
}

const columnsOf = (counted: { informants: number; users: number }[]) => ({
  informants: Float64Array.from(counted, ({ informants }) => informants),
  users: Float64Array.from(counted, ({ users }) => users),
})

/** d3 has the inside of a ring on its right; outlines may run either way here, and no area is larger than half the sphere. */
function clockwise(polygons: Position[][][]): Position[][][] {
  return polygons.map((rings) =>
    rings.map((ring, k) => (signedArea(ring) > 0 === (k === 0) ? ring.toReversed() : ring)),
  )
}

const signedArea = (ring: Position[]) =>
  ring.reduce((sum, [lon, lat], i) => {
    const [nextLon, nextLat] = ring[(i + 1) % ring.length]!
    return sum + lon! * nextLat! - nextLon! * lat!
  }, 0)

const noColumn = (path: string, columns: string[], what: string) =>
  new EngineError(
    'rates/no-column',
    `${path} has no column ${what}; it has ${columns.join(', ') || 'none'}. Name the column of users as the variant; informants are the nearest "informants", "n" or "n_..." before it.`,
    { path },
  )

const badRow = (path: string, where: string, found: string, expected: string) =>
  new EngineError('rates/bad-row', `${path}, ${where}: found ${found}, expected ${expected}. Mend the row.`, { path })
