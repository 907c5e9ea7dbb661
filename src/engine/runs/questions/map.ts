import { ticks } from 'd3-array'
import type { MapAnswer } from '#protocol/explorer.ts'
import { EngineError } from '#protocol/errors.ts'
import { areaAtLeast } from '#engine/regions/gridShapes.ts'
import { kernelSurface, leastInformants } from '#engine/regions/kernelSurface.ts'
import { landTest } from '#engine/regions/land.ts'
import { clipAreas, clippedMap } from './clip.ts'
import { countedSites } from './countedSites.ts'
import { geographyOf } from './geography.ts'
import type { QuestionMethod } from './question.ts'

/** Steps of share that the surface shows, about. */
const steps = 8

/** Where variants are used: a kernel surface of the first one's share, and the counts of every site. */
export const map: QuestionMethod<'map'> = {
  version: 3,
  areas: clipAreas,

  async answer(question, asked, context): Promise<MapAnswer> {
    const { counted, sites, perVariant } = await countedSites(question, asked, context)
    requireUse(question.variants, counted.lat.length, perVariant[0]!.informants)
    const test = await geographyOf(sites, 1, context)
    const isLand = await landTest()
    const { cells, bandwidthKm = null } = question
    const { grid, bandwidth, effectiveInformants, shares } = await kernelSurface(
      sites,
      { cells, isLand, bandwidthKm },
      context,
    )
    const [share] = shares as [Float64Array]
    const [least, most] = share.reduce<[number, number]>(
      ([low, high], value) => (Number.isNaN(value) ? [low, high] : [Math.min(low, value), Math.max(high, value)]),
      [Infinity, -Infinity],
    )
    const levels = least < most ? ticks(least, most, steps).filter((level) => level > 0) : []
    const [variant] = question.variants as [string]
    const answer: MapAnswer = {
      informants: counted.informantCount,
      sites: counted.lat.length,
      perVariant,
      test,
      bandwidthKm: bandwidth.bandwidthKm,
      criterion: bandwidth.curve,
      surface: {
        type: 'FeatureCollection',
        features: levels.map((level) => areaAtLeast(share, level, grid, { variant, share: level })),
      },
      support: areaAtLeast(
        effectiveInformants.map((n, node) => (grid.shown[node] && n >= leastInformants ? n : NaN)),
        leastInformants,
        grid,
        {},
      ),
      points: {
        lat: [...counted.lat],
        lon: [...counted.lon],
        informants: [...counted.informants],
        users: counted.users.map((users) => [...users]),
      },
    }
    return asked.areas ? clippedMap(answer, asked.areas, context) : answer
  },
}

/** @throws EngineError 'explorer/not-used' */
export function requireUse(variants: string[], sites: number, informants: number): void {
  if (sites > 0 && informants > 0) return
  throw new EngineError(
    'explorer/not-used',
    `Nobody in the corpus uses ${variants.join(' or ')}, as far as the conditions let documents in. Look the words up with isogloss kwic.`,
  )
}
