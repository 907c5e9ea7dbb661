import type { MapAnswer } from '#protocol/explorer.ts'
import { lonLatOf, siteFeatures, siteRows } from '#pure/maps/siteColumns.ts'
import { wordMapFigure } from '#pure/figures/wordMapFigure.ts'
import { figureGround, figureSize, type FigureRequest } from '../figures/figureGround.ts'
import { printResult, textTable } from '../output.ts'
import { writeAnswer } from './answerFile.ts'
import { ask, type QuestionOptions } from './questionOptions.ts'

export interface MapOptions extends QuestionOptions, FigureRequest {
  measure: 'share' | 'rate'
  out?: string
  name?: string
  clip?: string
}

/** What `map --json` prints. */
export type MapJson = Omit<MapAnswer, 'points'> & { points: ReturnType<typeof siteFeatures> }

/** `map`: where a variant is used. */
export async function mapVariants(variants: string[], options: MapOptions): Promise<void> {
  const answer = await ask(options, {
    kind: 'map',
    variants,
    variable: options.name,
    measure: options.measure,
    clip: options.clip,
  })
  if (options.out !== undefined)
    await writeAnswer(options.out, {
      geojson: () => answer.surface,
      csv: () =>
        siteRows(
          answer.points,
          answer.perVariant.map(({ variant }) => variant),
        ),
      figure: async () =>
        wordMapFigure(answer, await figureGround(lonLatOf(answer.points), options), figureSize(options)),
    })
  printResult(options, { ...answer, points: siteFeatures(answer.points) } satisfies MapJson, () => mapText(answer))
}

const mapText = ({ informants, sites, perVariant, test, bandwidthKm, surface }: MapAnswer) =>
  [
    textTable([
      ['variant', 'informants', 'occurrences'],
      ...perVariant.map((one) => [one.variant, String(one.informants), String(one.occurrences)]),
    ]),
    `${informants} informants at ${sites} sites; kernel of ${bandwidthKm.toFixed(0)} km.`,
    testText(test),
    surface.features.length > 0
      ? `The surface runs from below ${surface.features[0]!.properties.share} to above ${surface.features.at(-1)!.properties.share}.`
      : 'The surface is the same everywhere that it is known.',
  ].join('\n')

/** What the test of geography says. */
export const testText = (test: MapAnswer['test']) =>
  test === null
    ? 'No test of geography: it needs 15 sites and two variants in use.'
    : `Geography: p = ${test.p < 0.001 ? '< .001' : test.p.toFixed(3)} (signs of ${test.unit} residuals flipped).`
