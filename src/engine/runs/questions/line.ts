import type { LineAnswer } from '#protocol/explorer.ts'
import type { StageContext } from '#engine/context.ts'
import type { EqualAreaGrid } from '#engine/regions/equalAreaGrid.ts'
import { areaAtLeast } from '#engine/regions/gridShapes.ts'
import { isogloss } from '#engine/regions/isogloss/isogloss.ts'
import { leadingAreas } from '#engine/regions/isogloss/leadingAreas.ts'
import type { PlaceLine } from '#engine/regions/isogloss/zeroLines.ts'
import { kernelSurface, leastInformants } from '#engine/regions/kernelSurface.ts'
import { landTest } from '#engine/regions/land.ts'
import type { VariantCounts } from '#engine/regions/sites.ts'
import { clipAreas, clippedLine } from './clip.ts'
import { countedSites } from './countedSites.ts'
import { geographyOf, leastSites } from './geography.ts'
import { requireUse } from './map.ts'
import type { QuestionMethod } from './question.ts'

const level = 0.05

type Drawn = Pick<
  LineAnswer,
  | 'line'
  | 'areas'
  | 'pointwiseBand'
  | 'simultaneousBand'
  | 'transitionWidthKm'
  | 'homogeneity'
  | 'consistency'
  | 'leakage'
  | 'reason'
>

/** Where one variant gives way to another: drawn only where there is geography at all. */
export const line: QuestionMethod<'line'> = {
  version: 5,
  areas: clipAreas,

  async answer(question, asked, context) {
    const { counted, sites, perVariant } = await countedSites(question, asked, context)
    requireUse(question.variants, counted.lat.length, counted.informantCount)
    const isLand = await landTest()
    const { grid, effectiveInformants } = await kernelSurface(
      sites,
      { cells: question.cells, isLand, bandwidthKm: null },
      context,
    )
    const shown = effectiveInformants.map((n, node) => (grid.shown[node] && n >= leastInformants ? n : NaN))
    const support = Uint8Array.from(shown, (n) => (n >= leastInformants ? 1 : 0))
    const test = await geographyOf(sites, question.seed, context)
    const reason = whyNoLine(question.variants, sites, support, test)
    const drawn = reason === null ? await draw(question, sites, { grid, support }, context) : { ...nothing, reason }
    const answer: LineAnswer = {
      informants: counted.informantCount,
      sites: counted.lat.length,
      perVariant,
      test,
      level: question.level,
      support: areaAtLeast(shown, leastInformants, grid, {}),
      ...drawn,
    }
    return asked.areas ? clippedLine(answer, asked.areas, context) : answer
  },
}

const nothing: Omit<Drawn, 'reason'> = {
  line: null,
  areas: null,
  pointwiseBand: null,
  simultaneousBand: null,
  transitionWidthKm: null,
  homogeneity: null,
  consistency: null,
  leakage: null,
}

/** In words, or null where there is one. */
export function whyNoLine(
  variants: string[],
  { lat, users }: VariantCounts,
  support: Uint8Array,
  test: LineAnswer['test'],
): string | null {
  const unused = variants.filter((_, i) => users[i]!.every((count) => count === 0))
  if (unused.length > 0) return `Nobody uses ${unused.join(' or ')}: where all say the same there is no line.`
  if (lat.length < leastSites) return `There are ${lat.length} sites; a line needs at least ${leastSites}.`
  if (!support.includes(1))
    return `Nowhere do ${leastInformants} informants' worth of evidence come together; a line would be a guess.`
  if (test && test.p >= level) {
    const found =
      test.detectableDifference === null
        ? 'With so few informants no difference between two halves of the area would have been found.'
        : `A difference of ${(100 * test.detectableDifference).toFixed(0)} percentage points between two halves of the area would have been found in 80 of 100 such samples.`
    return `There is no sign of geography (p = ${test.p.toFixed(3)}). ${found}`
  }
  return null
}

async function draw(
  { variants, level: bandLevel, at, seed }: Parameters<typeof line.answer>[0],
  sites: VariantCounts,
  { grid, support }: { grid: EqualAreaGrid; support: Uint8Array },
  context: StageContext,
): Promise<Drawn> {
  if (variants.length > 2) {
    const { areas, borders } = await leadingAreas(sites, grid, support, context)
    const lines = borders.map(({ variants: [i, j], lines: found }) => lineFeature(found, [variants[i]!, variants[j]!]))
    return {
      ...nothing,
      line: { type: 'FeatureCollection', features: lines },
      areas: {
        type: 'FeatureCollection',
        features: areas.map((area) => ({ ...area, properties: { variant: variants[area.properties.variant]! } })),
      },
      reason: lines.length > 0 ? null : 'One variant leads everywhere.',
    }
  }
  const found = await isogloss(sites, grid, { level: bandLevel, at, seed, support }, context)
  const { transition, quality } = found
  const drawn = found.lines.length > 0
  return {
    line: drawn ? { type: 'FeatureCollection', features: [lineFeature(found.lines, variants)] } : null,
    areas: null,
    pointwiseBand: areaAtLeast(found.pointwise, 0, grid, {}),
    simultaneousBand: areaAtLeast(found.simultaneous, 0, grid, {}),
    transitionWidthKm: transition && { atMost: transition.atMostKm, plateaus: transition.plateaus },
    ...quality,
    reason: drawn ? null : `The share of ${variants[0]} is nowhere ${(100 * at).toFixed(0)} %.`,
  }
}

/** About 10 metres. */
const round = (degrees: number) => Math.round(degrees * 1e4) / 1e4

export const lineFeature = (lines: PlaceLine[], variants: string[]) => ({
  type: 'Feature' as const,
  properties: { variants },
  geometry: {
    type: 'MultiLineString' as const,
    coordinates: lines.map((points) => points.map(([lon, lat]): [number, number] => [round(lon), round(lat)])),
  },
})
