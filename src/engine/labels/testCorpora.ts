import { existsSync, readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { parse } from 'csv-parse/sync'
import type { Points } from '#engine/geo/points.ts'
import type { Random } from '#engine/random.ts'

/** The coordinates of a lat TAB lon TAB text corpus beside the project, or null where it is absent. */
export function corpusPoints(path: string): Points | null {
  const text = corpusText(path)
  if (text === null) return null
  const columns = text
    .split('\n')
    .filter(Boolean)
    .map((row) => row.split('\t', 2).map(Number))
  return { lat: Float64Array.from(columns, ([lat]) => lat!), lon: Float64Array.from(columns, ([, lon]) => lon!) }
}

/** The coordinates of a survey's respondents who have any, or null where it is absent. */
export function surveyPoints(path: string): Points | null {
  const text = corpusText(path)
  if (text === null) return null
  const rows = parse(text, { columns: true }) as { lat: string; long: string }[]
  const places = rows
    .map(({ lat, long }) => [Number.parseFloat(lat), Number.parseFloat(long)] as const)
    .filter(([lat, lon]) => Number.isFinite(lat) && Number.isFinite(lon))
  return { lat: Float64Array.from(places, ([lat]) => lat), lon: Float64Array.from(places, ([, lon]) => lon) }
}

/** The corpora are not part of the project: where one is absent a message says so. */
function corpusText(path: string): string | null {
  const file = resolve('../shared/corpora', path)
  if (existsSync(file)) return gunzipSync(readFileSync(file)).toString('utf8')
  console.warn(`skipped: ${file} is absent`)
  return null
}

/** The same points in another order, and where each of them went. */
export function shuffled(points: Points, random: Random): { points: Points; order: Int32Array } {
  const order = Int32Array.from(points.lat.keys())
  random.shuffle(order)
  return {
    points: {
      lat: Float64Array.from(order, (i) => points.lat[i]!),
      lon: Float64Array.from(order, (i) => points.lon[i]!),
    },
    order,
  }
}

/** Points scattered round some towns, on a lattice of hundredths of a degree as many corpora have them. */
export function scatteredPoints(count: number, random: Random, towns = 12): Points {
  const centres = Array.from({ length: towns }, () => [46 + 3 * random.normal(), 8 + 4 * random.normal()] as const)
  const points: Points = { lat: new Float64Array(count), lon: new Float64Array(count) }
  for (let i = 0; i < count; i++) {
    const [lat, lon] = centres[random.below(towns)]!
    points.lat[i] = Math.round(100 * (lat + 0.2 * random.normal())) / 100
    points.lon[i] = Math.round(100 * (lon + 0.3 * random.normal())) / 100
  }
  return points
}
