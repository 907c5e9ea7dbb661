import type { LineAnswer } from '#protocol/explorer.ts'
import { isoglossFigure, placesOfLines } from '#pure/figures/isoglossFigure.ts'
import { isoglossShapes } from '#pure/figures/isoglossShapes.ts'
import { figureGround, figureSize, type FigureRequest } from '../figures/figureGround.ts'
import { printResult, textTable } from '../output.ts'
import { writeAnswer } from './answerFile.ts'
import { testText } from './mapCommand.ts'
import { ask, type QuestionOptions } from './questionOptions.ts'

export interface LineOptions extends QuestionOptions, FigureRequest {
  measure: 'share' | 'rate'
  level: number
  at: number
  out?: string
  name?: string
  clip?: string
}

/** `line`: where one variant gives way to another. */
export async function line(variants: string[], options: LineOptions): Promise<void> {
  const { measure, level, at, clip } = options
  const answer = await ask(options, { kind: 'line', variants, variable: options.name, measure, level, at, clip })
  if (options.out !== undefined)
    await writeAnswer(options.out, {
      geojson: () => isoglossShapes(answer),
      csv: () => [
        ['line', 'point', 'lat', 'lon', 'variants'],
        ...(answer.line?.features ?? []).flatMap(({ geometry, properties }) => {
          const lines = geometry.type === 'LineString' ? [geometry.coordinates] : geometry.coordinates
          return lines.flatMap((points, i) =>
            points.map(([lon, lat], k) => [i + 1, k + 1, lat!, lon!, properties.variants.join(' | ')]),
          )
        }),
      ],
      figure: async () =>
        isoglossFigure(answer, await figureGround(placesOfLines([answer]), options), figureSize(options)),
    })
  printResult(options, answer, () => lineText(answer))
}

function lineText(answer: LineAnswer): string {
  const { informants, sites, perVariant, test, line: found, transitionWidthKm, reason } = answer
  const percent = (share: number | null) => (share === null ? '-' : `${(100 * share).toFixed(0)} %`)
  return [
    textTable([
      ['variant', 'informants', 'occurrences'],
      ...perVariant.map((one) => [one.variant, String(one.informants), String(one.occurrences)]),
    ]),
    `${informants} informants at ${sites} sites.`,
    testText(test),
    ...(reason === null ? [] : [reason]),
    ...(found && found.features[0]!.properties.variants.length === 2 && perVariant.length > 2
      ? found.features.map(({ properties }) => `A border parts ${properties.variants.join(' from ')}.`)
      : []),
    ...(found && transitionWidthKm
      ? [
          `The middle 80 % of the change take ${transitionWidthKm.atMost === null ? 'an unknown distance' : `at most ${transitionWidthKm.atMost.toFixed(0)} km`}, from ${percent(transitionWidthKm.plateaus[0])} to ${percent(transitionWidthKm.plateaus[1])}.`,
          `Homogeneity ${percent(answer.homogeneity)}, consistency ${percent(answer.consistency)}, leakage ${percent(answer.leakage)}.`,
        ]
      : []),
    ...(found ? ['--out line.geojson writes lines, areas or bands, and support; --json prints them.'] : []),
  ].join('\n')
}
