import { readFile, stat } from 'node:fs/promises'
import { basename } from 'node:path'
import { SaxesParser } from 'saxes'
import { EngineError } from '#protocol/errors.ts'
import { openZip } from '../container/zipArchive.ts'
import { openRowSource } from '../form/openRowSource.ts'
import type { OpenedSource } from '../form/reading.ts'
import { columnsOfPlace } from '../places/placeReader.ts'
import { parsePoint } from '../places/point.ts'
import { chooseRoles } from '../roles/chooseRoles.ts'
import { allRows, mappedSource } from './mappedSource.ts'

/** Latitude and longitude of sites as their file writes them, by name. */
export type Sites = Map<string, [string, string]>

const longestKml = 1 << 26
const siteKey = (name: string) => name.normalize('NFC').trim().replace(/\s+/g, ' ').toLowerCase()

/**
 * Reads where sites lie: KML or KMZ as Gabmap has it (points with names; outlines are left alone), or a table of name, latitude
 * and longitude.
 * @throws EngineError 'import/bad-sites' where it holds no site
 */
export async function readSites(path: string): Promise<Sites> {
  const kml = /\.km[lz]$/i.test(path) ? await kmlOf(path) : null
  const sites = kml === null ? await tableSites(path) : kmlSites(kml, path)
  if (sites.size === 0)
    throw new EngineError(
      'import/bad-sites',
      `${path} names no place with a point. Expected KML, or a table of name, latitude and longitude.`,
      { path },
    )
  return sites
}

/** The text of a KML file, or of the first one in a KMZ archive. */
async function kmlOf(path: string): Promise<string> {
  if (/\.kml$/i.test(path)) {
    refuseLong(path, (await stat(path)).size)
    return readFile(path, 'utf8')
  }
  const archive = await openZip(path)
  try {
    const inside = archive.files.find(({ name }) => /\.kml$/i.test(name))
    if (!inside)
      throw new EngineError(
        'import/bad-sites',
        `${path} holds no KML file; found ${
          archive.files
            .slice(0, 5)
            .map(({ name }) => name)
            .join(', ') || 'nothing'
        }.`,
        { path },
      )
    refuseLong(path, inside.bytes)
    let bytes = 0
    const parts: Buffer[] = []
    for await (const part of (await archive.open(inside.name)) as AsyncIterable<Buffer>) {
      refuseLong(path, (bytes += part.length))
      parts.push(part)
    }
    return Buffer.concat(parts).toString()
  } finally {
    archive.close()
  }
}

function refuseLong(path: string, bytes: number): void {
  if (bytes > longestKml)
    throw new EngineError(
      'import/bad-sites',
      `${path} is longer than ${longestKml / (1 << 20)} MiB; expected a map of sites.`,
      { path },
    )
}

function kmlSites(kml: string, path: string): Sites {
  const sites: Sites = new Map()
  const open: string[] = []
  let [name, point] = ['', '']
  const parser = new SaxesParser()
  const take = (text: string) => {
    const parent = open.at(-2)
    if (open.at(-1) === 'name' && parent === 'Placemark') name += text
    else if (open.at(-1) === 'coordinates' && parent === 'Point') point += text
  }
  parser.on('opentag', (tag) => {
    open.push(localName(tag.name))
    if (open.at(-1) === 'Placemark') [name, point] = ['', '']
  })
  parser.on('text', take)
  parser.on('cdata', take)
  parser.on('closetag', () => {
    if (open.pop() !== 'Placemark') return
    const [lon, lat] = point.trim().split(',')
    if (name.trim() !== '' && lat !== undefined) sites.set(siteKey(name), [lat, lon!])
  })
  try {
    parser.write(kml).close()
  } catch (cause) {
    throw new EngineError(
      'import/bad-sites',
      `${path} is no valid KML: ${(cause as Error).message}.`,
      { path },
      { cause },
    )
  }
  return sites
}

const localName = (tag: string) => tag.slice(tag.indexOf(':') + 1)

async function tableSites(path: string): Promise<Sites> {
  const source = await openRowSource(path)
  const { place } = chooseRoles(source.columns, source.sample)
  if (!place)
    throw new EngineError(
      'import/bad-sites',
      `${path} has no columns of latitude and longitude; found ${source.columns.slice(0, 30).join(', ')}.`,
      { path },
    )
  if ('lats' in place)
    throw new EngineError(
      'import/bad-sites',
      `${path} holds boxes; expected a latitude and a longitude for each name.`,
      { path },
    )
  const used = columnsOfPlace(place)
  const named = source.columns.findIndex(
    (column, index) =>
      !used.includes(index) && /^(name|site|place|location|locality|ort|town|village|label)$/i.test(column.trim()),
  )
  const name = named >= 0 ? named : source.columns.findIndex((_, index) => !used.includes(index))
  const sites: Sites = new Map()
  for (const row of await allRows(source)) {
    const point = 'point' in place ? parsePoint(row[place.point] ?? '') : null
    const latFirst = (point?.order ?? ('point' in place ? place.order : null)) === 'lat-lon'
    if (!('point' in place)) sites.set(siteKey(row[name] ?? ''), [row[place.lat]!, row[place.lon]!])
    else if (point)
      sites.set(
        siteKey(row[name] ?? ''),
        latFirst ? [String(point.first), String(point.second)] : [String(point.second), String(point.first)],
      )
  }
  sites.delete('')
  return sites
}

/**
 * A source whose rows have the coordinates of their sites: those of the column that names most of them.
 * @throws EngineError 'import/no-site-column' where no column does
 */
export function withSites(
  source: OpenedSource,
  sites: Sites,
  path: string,
): { source: OpenedSource; lat: string; lon: string; note: string } {
  const share = (index: number) =>
    source.sample.filter((row) => sites.has(siteKey(row[index] ?? ''))).length / Math.max(1, source.sample.length)
  const [best] = source.columns
    .map((_, index) => ({ index, share: share(index) }))
    .sort((a, b) => b.share - a.share || a.index - b.index)
  if (!best || best.share < 0.3) {
    throw new EngineError(
      'import/no-site-column',
      `No column of ${source.reading.file} holds the names of ${basename(path)} (such as "${[...sites.keys()][0]}"); found ${source.columns.slice(0, 30).join(', ')}.`,
    )
  }
  const own = (name: string): string => (source.columns.includes(name) ? own(`site ${name}`) : name)
  const [lat, lon] = [own('latitude'), own('longitude')]
  const joined = mappedSource(source, [...source.columns, lat, lon], (row) => [
    ...row,
    ...(sites.get(siteKey(row[best.index] ?? '')) ?? ['', '']),
  ])
  const missing = [
    ...new Set(source.sample.map((row) => row[best.index] ?? '').filter((name) => !sites.has(siteKey(name)))),
  ]
  const unplaced =
    missing.length > 0 ? `; it does not name ${missing.slice(0, 5).join(', ')}${missing.length > 5 ? ', ...' : ''}` : ''
  return {
    source: joined,
    lat,
    lon,
    note: `Coordinates are those that ${basename(path)} has for the names in "${source.columns[best.index]}"${unplaced}.`,
  }
}
