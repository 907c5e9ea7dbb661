import { ticks } from 'd3-array'
import type { DifferenceAnswer } from '#protocol/groupDifference.ts'
import { areaAtLeast } from '#engine/regions/gridShapes.ts'
import { leastInformants } from '#engine/regions/kernelSurface.ts'
import { landTest } from '#engine/regions/land.ts'
import { leastEffectiveSites, shareDifference, type ShareDifference } from '#engine/regions/shareDifference.ts'
import { oneAgainstRest, total } from '#engine/regions/sites.ts'
import { placeKey } from '#pure/placeKey.ts'
import { clipAreas, clippedDifference } from './clip.ts'
import { countedSites, type CountedSites } from './countedSites.ts'
import { requireUse } from './map.ts'
import type { QuestionMethod } from './question.ts'

/** Steps of the difference that are shown on either side, about. */
const steps = 4
/** Of the test that the groups differ anywhere. */
const level = 0.05
const flips = 2000

/** Where two groups differ: a surface of the difference of their shares, blank where it cannot be told from nothing. */
export const difference: QuestionMethod<'difference'> = {
  version: 1,
  areas: clipAreas,

  async answer(question, asked, context): Promise<DifferenceAnswer> {
    const countedOf = (group: 0 | 1) =>
      countedSites({ ...question, where: [...question.where, ...question.groups[group]] }, asked, context)
    const groups: [CountedSites, CountedSites] = [await countedOf(0), await countedOf(1)]
    requireUse(
      question.variants,
      groups.reduce((sum, { counted }) => sum + counted.lat.length, 0),
      groups.reduce((sum, { perVariant }) => sum + perVariant[0]!.informants, 0),
    )
    const { cells, bandwidthKm = null, seed } = question
    const found = await shareDifference(
      [oneAgainstRest(groups[0].sites, 0), oneAgainstRest(groups[1].sites, 0)],
      {
        cells,
        isLand: await landTest(),
        bandwidthKm,
        ofShares: question.measure === 'share',
        level: question.level,
        flips,
        seed,
      },
      context,
    )
    const reason = whyNothing(groups, question.groups.map(conditionsText) as [string, string], found)
    const answer: DifferenceAnswer = {
      variants: question.variants,
      groups: [describe(groups[0], question.groups[0]), describe(groups[1], question.groups[1])],
      bandwidthKm: found.bandwidth.bandwidthKm,
      criterion: found.bandwidth.curve,
      level: question.level,
      p: found.p,
      halfWidth: medianHalfWidth(found),
      ...toldApart(found, reason === null, question.measure === 'share'),
      support: areaAtLeast(
        found.difference.map((value) => (Number.isNaN(value) ? NaN : 1)),
        1,
        found.grid,
        {},
      ),
      points: { type: 'FeatureCollection', features: pointsOf(groups) },
      reason,
    }
    return asked.areas ? clippedDifference(answer, asked.areas, context) : answer
  },
}

const describe = ({ counted, sites }: CountedSites, where: DifferenceAnswer['groups'][0]['where']) => ({
  where,
  informants: counted.informantCount,
  sites: counted.lat.length,
  share: total(sites.informants) > 0 ? total(sites.users[0]!) / total(sites.informants) : 0,
})

const conditionsText = (conditions: { column: string }[]) => conditions.map(({ column }) => column).join(', ')

/** In words, or null where something may be told apart. */
function whyNothing(
  groups: [CountedSites, CountedSites],
  columns: [string, string],
  { p, pointwise, halfWidth, difference: values }: ShareDifference,
): string | null {
  const nobody = groups.findIndex(({ counted }) => counted.lat.length === 0)
  if (nobody >= 0)
    return `The ${nobody === 0 ? 'first' : 'second'} group (${columns[nobody]!}) has nobody who uses what is asked for.`
  if (p === null)
    return `Nowhere do ${leastInformants} informants' worth of evidence of each group, from ${leastEffectiveSites} sites at least, come together.`
  const narrow = medianHalfWidth({ halfWidth, difference: values })
  const seen =
    narrow === null
      ? ''
      : ` At half of the places a difference of ${(100 * narrow).toFixed(0)} percentage points would stand out.`
  if (p >= level) return `There is no sign that the groups differ anywhere (p = ${p.toFixed(3)}).${seen}`
  return pointwise.includes(1) ? null : `The groups differ (p = ${p.toFixed(3)}), but no place says where.${seen}`
}

function medianHalfWidth({ halfWidth, difference: values }: Pick<ShareDifference, 'halfWidth' | 'difference'>) {
  const known = halfWidth.filter((_, node) => !Number.isNaN(values[node]!)).sort()
  const middle = known[known.length >> 1]
  return middle === undefined || middle === Infinity ? null : middle
}

function toldApart(
  { grid, difference: values, pointwise, simultaneous, halfWidth }: ShareDifference,
  any: boolean,
  ofShares: boolean,
): Pick<DifferenceAnswer, 'surface' | 'certain' | 'most'> {
  const sides = [values, values.map((value) => -value)].map((side) =>
    side.map((more, node) => (any && pointwise[node] === 1 && more > 0 ? more : NaN)),
  )
  const [least, greatest] = sides.reduce(
    (ends, side) =>
      side.reduce<[number, number]>(
        ([low, high], value) => (value > 0 ? [Math.min(low, value), Math.max(high, value)] : [low, high]),
        ends,
      ),
    [Infinity, 0] as [number, number],
  )
  const all = greatest > 0 ? ticks(0, greatest, steps).filter((at) => at < greatest) : []
  // What is exceeded everywhere parts nothing.
  const levels = all.filter((_, k) => !(all[k + 1]! <= least))
  const surface = sides.flatMap((side, more) =>
    levels.map((atLeast) => areaAtLeast(side, atLeast, grid, { more, atLeast })),
  )
  const most = sides.flatMap((side) => {
    const node = side.reduce((best, value, at) => (value > (side[best] ?? 0) ? at : best), -1)
    if (node < 0) return []
    const [value, half] = [values[node]!, halfWidth[node]!]
    const { lat, lon } = grid.places
    return [
      {
        difference: value,
        interval: (ofShares
          ? [Math.max(-1, value - half), Math.min(1, value + half)]
          : [value - half, value + half]) as [number, number],
        lat: lat[node]!,
        lon: lon[node]!,
      },
    ]
  })
  return {
    surface: {
      type: 'FeatureCollection',
      features: surface.filter(({ geometry }) => geometry.coordinates.length > 0),
    },
    certain: areaAtLeast(
      Float64Array.from(simultaneous, (is) => (any && is === 1 ? 1 : NaN)),
      1,
      grid,
      {},
    ),
    most,
  }
}

/** The sites of either group, those of the first one first. */
function pointsOf(groups: [CountedSites, CountedSites]): DifferenceAnswer['points']['features'] {
  const features = new Map<number, DifferenceAnswer['points']['features'][number]>()
  groups.forEach(({ counted }, group) =>
    counted.lat.forEach((lat, site) => {
      const lon = counted.lon[site]!
      const key = placeKey(lat, lon)
      const nobody = counted.users.map(() => 0)
      const feature = features.get(key) ?? {
        type: 'Feature',
        properties: { informants: [0, 0], users: [nobody, nobody] },
        geometry: { type: 'Point', coordinates: [lon, lat] },
      }
      feature.properties.informants[group as 0 | 1] = counted.informants[site]!
      feature.properties.users[group as 0 | 1] = counted.users.map((users) => users[site]!)
      features.set(key, feature)
    }),
  )
  return [...features.values()]
}
