import type { AreaReport, StatsAnswer, WeightsRule } from '#protocol/areaStatistics.ts'
import { EngineError } from '#protocol/errors.ts'
import type { StageContext } from '#engine/context.ts'
import type { Points } from '#engine/geo/points.ts'
import { areaStatistics, leastAreas } from '#engine/regions/areas/areaStatistics.ts'
import { spatialWeights } from '#engine/regions/areas/spatialWeights.ts'

/** Areas with who was asked in them and who uses the variant. */
export interface AreaRates {
  ids: string[]
  names: (string | null)[]
  places: Points
  informants: Float64Array
  users: Float64Array
  /** Pairs that touch; null where nothing is known of borders. */
  touching: (() => Int32Array) | null
}

/**
 * The spatial statistics of rates as they are told. Areas in which nobody was asked have no rate; they are left out and counted.
 * @throws EngineError 'explorer/few-areas', 'explorer/no-borders', 'explorer/no-neighbours', 'explorer/one-rate'
 */
export async function reportRates(
  all: AreaRates,
  { weights, seed }: { weights: WeightsRule; seed: number },
  context: StageContext,
): Promise<Omit<StatsAnswer, 'variant' | 'outside' | 'shapes'>> {
  const kept = Int32Array.from(all.informants.keys()).filter((i) => all.informants[i]! > 0)
  if (kept.length < leastAreas)
    throw new EngineError(
      'explorer/few-areas',
      `Informants lie in ${kept.length} areas; the statistics need at least ${leastAreas}. Take finer areas.`,
    )
  if (weights.kind === 'contiguity' && !all.touching)
    throw new EngineError(
      'explorer/no-borders',
      'Contiguity needs the borders of the areas, and a table has none. Take knn, band or kernel, or a GeoJSON of the areas.',
    )
  const pick = (values: Float64Array) => Float64Array.from(kept, (i) => values[i]!)
  const places = { lat: pick(all.places.lat), lon: pick(all.places.lon) }
  const counts = { informants: pick(all.informants), users: pick(all.users) }
  const links = spatialWeights(
    weights,
    places,
    weights.kind === 'contiguity' ? amongKept(all.touching!(), kept, all.ids.length) : new Int32Array(),
  )
  if (links.neighbours.length === 0)
    throw new EngineError(
      'explorer/no-neighbours',
      `No area has a neighbour by ${weightsText(weights)}. Take a wider band, or knn.`,
    )
  const rates = counts.users.map((users, i) => users / counts.informants[i]!)
  if (rates.every((rate) => rate === rates[0]))
    throw new EngineError(
      'explorer/one-rate',
      `The rate is ${rates[0]} in all ${kept.length} areas: where all are alike there is no pattern to test. Ask for another variant.`,
    )
  const found = await areaStatistics(counts, links, { seed }, context)
  const areas = Array.from(kept, (i, k): AreaReport => {
    const island = Number.isNaN(found.p[k]!)
    return {
      id: all.ids[i]!,
      name: all.names[i]!,
      lat: places.lat[k]!,
      lon: places.lon[k]!,
      informants: counts.informants[k]!,
      users: counts.users[k]!,
      rate: found.rate[k]!,
      smoothed: found.smoothed[k]!,
      gStar: finite(found.gStar[k]!),
      p: island ? null : found.p[k]!,
      q: island ? null : found.q[k]!,
      localMoran: island ? null : finite(found.localMoran[k]!),
      quadrant: island ? null : found.quadrant[k]!,
    }
  })
  const { joinCounts, share } = found
  return {
    informants: counts.informants.reduce((sum, count) => sum + count, 0),
    users: counts.users.reduce((sum, count) => sum + count, 0),
    share,
    weights: weightsText(weights),
    empty: all.ids.length - kept.length,
    islands: found.islands,
    areas,
    moran: found.moran,
    ratesMoran: found.ratesMoran,
    geary: found.geary,
    joinCounts: { above: joinCounts.same[1] ?? null, below: joinCounts.same[0]!, different: joinCounts.different },
  }
}

const finite = (value: number) => (Number.isFinite(value) ? value : null)

/** Pairs between areas that are kept, by their new numbers. */
function amongKept(pairs: Int32Array, kept: Int32Array, count: number): Int32Array {
  const numbers = new Int32Array(count).fill(-1)
  kept.forEach((area, k) => (numbers[area] = k))
  const among: number[] = []
  for (let at = 0; at < pairs.length; at += 2) {
    const [a, b] = [numbers[pairs[at]!]!, numbers[pairs[at + 1]!]!]
    if (a >= 0 && b >= 0) among.push(a, b)
  }
  return Int32Array.from(among)
}

function weightsText(weights: WeightsRule): string {
  switch (weights.kind) {
    case 'knn':
      return `the ${weights.neighbours} nearest areas`
    case 'band':
      return `areas within ${weights.km} km`
    case 'kernel':
      return `a Gaussian kernel of ${weights.km} km`
    case 'contiguity':
      return 'areas that touch'
  }
}
