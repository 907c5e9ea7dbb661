import { placeKey } from '#pure/placeKey.ts'
import type { StageContext } from '#engine/context.ts'
import type { Corpus } from '#engine/corpus/corpusReader.ts'
import type { Points } from '#engine/geo/points.ts'
import { radixSort } from '#engine/geo/radixSort.ts'
import { range } from '#engine/geo/range.ts'
import { pause } from '#engine/pause.ts'

/** Documents by informant, informants by site, sites from south to north: what belongs together lies together. */
export interface InformantOrder {
  /** The row of the corpus that each document is; of one informant ascending. */
  rows: Int32Array
  /** Informant i has documents `documentsOf[i]` to `documentsOf[i + 1]`; N + 1 values. */
  documentsOf: Int32Array
  /** Site s has informants `informantsAt[s]` to `informantsAt[s + 1]`; S + 1 values. */
  informantsAt: Int32Array
  /** Degrees, the first row's of each site. */
  sites: Points
  /** Informants whose documents lie at several sites; they count at the one with most of them, of equals at the first in the rows. */
  moved: number
}

/**
 * Who speaks where. An informant is an author, or a document without one; a site is one coordinate, to four decimals.
 * Informants of a site come in the order of their first rows.
 */
export async function informantOrder(
  { count, authors, authorCount, points }: Pick<Corpus, 'count' | 'authors' | 'authorCount' | 'points'>,
  context: StageContext,
): Promise<InformantOrder> {
  const { siteOf, sites } = await sitesOf(points, context)
  const found = new Int32Array(authorCount).fill(-1)
  const informantOf = new Int32Array(count)
  let informants = 0
  for (let row = 0; row < count; row++) {
    const author = authors[row]!
    if (author < 0) informantOf[row] = informants++
    else informantOf[row] = found[author]! >= 0 ? found[author]! : (found[author] = informants++)
  }
  await pause(context)
  const byInformant = grouped(informantOf, informants)
  const homes = new Int32Array(informants)
  let moved = 0
  for (let i = 0; i < informants; i++) {
    const own = byInformant.items.subarray(byInformant.starts[i], byInformant.starts[i + 1])
    homes[i] = siteOf[own[0]!]!
    if (own.every((row) => siteOf[row] === homes[i])) continue
    homes[i] = mostFrequent(own, siteOf)
    moved++
  }
  await pause(context)
  const atSite = grouped(homes, sites.lat.length)
  const rows = new Int32Array(count)
  const documentsOf = new Int32Array(informants + 1)
  let next = 0
  atSite.items.forEach((informant, position) => {
    for (let at = byInformant.starts[informant]!; at < byInformant.starts[informant + 1]!; at++)
      rows[next++] = byInformant.items[at]!
    documentsOf[position + 1] = next
  })
  return { rows, documentsOf, ...withoutEmpty(atSite.starts, sites), moved }
}

async function sitesOf(points: Points, context: StageContext): Promise<{ siteOf: Int32Array; sites: Points }> {
  const count = points.lat.length
  const keys = new Float64Array(count)
  for (let row = 0; row < count; row++) keys[row] = placeKey(points.lat[row]!, points.lon[row]!)
  const { values, items } = radixSort(keys, range(count))
  await pause(context)
  const siteOf = new Int32Array(count)
  const [lat, lon] = [new Float64Array(count), new Float64Array(count)]
  let sites = 0
  for (let p = 0; p < count; p++) {
    if (p === 0 || values[p] !== values[p - 1]) {
      // Equal keys keep their order: this is the first row.
      lat[sites] = points.lat[items[p]!]!
      lon[sites++] = points.lon[items[p]!]!
    }
    siteOf[items[p]!] = sites - 1
  }
  return { siteOf, sites: { lat: lat.slice(0, sites), lon: lon.slice(0, sites) } }
}

/** Sites at which nobody is left, since their documents' author counts elsewhere, are none. */
function withoutEmpty(starts: Int32Array, { lat, lon }: Points): Pick<InformantOrder, 'informantsAt' | 'sites'> {
  const kept = range(lat.length).filter((site) => starts[site + 1]! > starts[site]!)
  const informantsAt = new Int32Array(kept.length + 1)
  kept.forEach((site, position) => (informantsAt[position + 1] = starts[site + 1]!))
  return {
    informantsAt,
    sites: { lat: Float64Array.from(kept, (site) => lat[site]!), lon: Float64Array.from(kept, (site) => lon[site]!) },
  }
}

/** Items 0, 1, ... by their group, each group's in ascending order: a counting sort. */
function grouped(groupOf: Int32Array, groups: number): { starts: Int32Array; items: Int32Array } {
  const starts = new Int32Array(groups + 1)
  for (let i = 0; i < groupOf.length; i++) starts[groupOf[i]! + 1]!++
  for (let group = 0; group < groups; group++) starts[group + 1]! += starts[group]!
  const next = starts.slice()
  const items = new Int32Array(groupOf.length)
  for (let i = 0; i < groupOf.length; i++) items[next[groupOf[i]!]!++] = i
  return { starts, items }
}

function mostFrequent(rows: Int32Array, siteOf: Int32Array): number {
  const counts = new Map<number, number>()
  for (const row of rows) counts.set(siteOf[row]!, (counts.get(siteOf[row]!) ?? 0) + 1)
  // A map keeps the order in which sites came: the first of equals stays.
  return [...counts].reduce((best, next) => (next[1] > best[1] ? next : best))[0]
}
