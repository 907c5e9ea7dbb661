import type { PatternsAnswer } from '#protocol/patterns.ts'
import { filled, type FigureOptions, type LegendEntry } from './frame.ts'
import { known } from './isoglossFigure.ts'
import type { Ground } from './landOfFigure.ts'
import { areasShape, mapFigure } from './mapFigure.ts'
import { countText, rangeText, shareText } from './numbers.ts'
import { paintOf } from './paint.ts'
import { placedNames } from './placedNames.ts'

const wordsInLegend = 3

const patternsCaption = ({ maps, informants, cells, bandwidthKm, factors }: PatternsAnswer): string =>
  `${countText(maps.length)} maps of ${countText(informants)} informants in ${countText(cells.features.length)} cells: local scores by a Gaussian kernel of ${Math.round(bandwidthKm)} km, ` +
  `${factors.length === 1 ? 'their first principal component' : `${factors.length} principal components, turned by varimax`}, ${shareText(factors.reduce((sum, { share }) => sum + share, 0))} of the variance.`

/** Groups of places whose words are alike, each with its foremost words. */
export function patternsFigure(answer: PatternsAnswer, ground: Ground, options: FigureOptions): string {
  const paint = paintOf(options.grey)
  const { regions, territories, support } = answer
  const tint: Record<string, number> = paint.grey ? {} : { 'fill-opacity': 0.6 }
  return mapFigure(ground, paint, options, {
    title: options.title ?? 'Regions of words',
    caption: answer.reason ?? `${patternsCaption(answer)} Ward's groups of the cells by their scores.`,
    legend: regions.map(({ words, informants }, region): LegendEntry => ({
      label: `${region + 1}: ${words.slice(0, wordsInLegend).join(', ') || 'no word above what is to be expected'} (${countText(informants)})`,
      draw: filled(paint.fill(region), paint.border, tint),
    })),
    under: (plane) =>
      [
        areasShape(support.geometry.coordinates, plane, { fill: known }),
        ...territories.features.map(({ geometry, properties: { region } }) =>
          areasShape(geometry.coordinates, plane, { fill: paint.fill(region), ...tint }),
        ),
      ].join(''),
    over: (plane) => placedNames(numbersOfRegions(answer), plane, paint),
  })
}

/** A region's number stands at the cell that is most like the region as a whole. */
const numbersOfRegions = ({ regions, cells }: PatternsAnswer) =>
  regions.map(({ scores }, region) => {
    const from = (of: number[]) => of.reduce((sum, score, k) => sum + (score - scores[k]!) ** 2, 0)
    const [lon, lat] = cells.features
      .filter(({ properties }) => properties.region === region)
      .reduce((best, cell) => (from(cell.properties.scores) < from(best.properties.scores) ? cell : best)).geometry
      .coordinates as [number, number]
    return { lon, lat, name: String(region + 1) }
  })

/** Where one factor scores high and low. @param factor counted from 1 */
export function patternFigure(answer: PatternsAnswer, factor: number, ground: Ground, options: FigureOptions): string {
  const paint = paintOf(options.grey)
  const { share, surface } = answer.factors[factor - 1]!
  const levels = surface.features
  const scoreText = (score: number) => String(Number(score.toPrecision(3))).replace('-', '−')
  const ends = answer.maps.toSorted((a, b) => b.loadings[factor - 1]! - a.loadings[factor - 1]!)
  const [high, low] = [
    ends.filter(({ loadings }) => loadings[factor - 1]! > 0).slice(0, 6),
    ends.toReversed().filter(({ loadings }) => loadings[factor - 1]! < 0).slice(0, 6), // prettier-ignore
  ]
  const names = (maps: typeof ends) => maps.map(({ name }) => name).join(', ') || 'none'
  return mapFigure(ground, paint, options, {
    title: options.title ?? `Pattern ${factor}`,
    caption: `${patternsCaption(answer)} Pattern ${factor} has ${shareText(share)}; in standard deviations over the cells. High: ${names(high)}. Low: ${names(low)}.`,
    legend: [
      ...(levels[0] ? [{ label: `under ${scoreText(levels[0].properties.score)}`, draw: filled(paint.ordered(0, levels.length + 1)) }] : []), // prettier-ignore
      ...levels.map(({ properties: { score } }, k) => ({
        label: rangeText(scoreText(score), levels[k + 1] ? scoreText(levels[k + 1]!.properties.score) : null),
        draw: filled(paint.ordered(k + 1, levels.length + 1)),
      })),
    ],
    under: (plane) =>
      [
        areasShape(answer.support.geometry.coordinates, plane, { fill: paint.ordered(0, levels.length + 1) }),
        ...levels.map(({ geometry }, k) =>
          areasShape(geometry.coordinates, plane, { fill: paint.ordered(k + 1, levels.length + 1) }),
        ),
      ].join(''),
    over: () => '',
  })
}

/** Lon,lat degrees, interleaved: the known area. */
export const placesOfPatterns = ({ support }: PatternsAnswer): Float32Array =>
  Float32Array.from(support.geometry.coordinates.flat(2).flatMap(([lon, lat]) => [lon!, lat!]))
