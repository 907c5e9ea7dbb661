import type { Condition } from '#protocol/explorer.ts'
import type { DifferenceAnswer } from '#protocol/groupDifference.ts'
import { differenceFigure, differenceRows, groupTitle, placesOfDifference } from '#pure/figures/differenceFigure.ts'
import { figureGround, figureSize, type FigureRequest } from '../figures/figureGround.ts'
import { printResult, textTable } from '../output.ts'
import { writeAnswer } from './answerFile.ts'
import { ask, type QuestionOptions } from './questionOptions.ts'

export interface DifferenceOptions extends QuestionOptions, FigureRequest {
  measure: 'share' | 'rate'
  group: [Condition, Condition]
  level: number
  out?: string
  name?: string
  clip?: string
}

/** `difference`: where two groups of informants differ. */
export async function differenceOf(variants: string[], options: DifferenceOptions): Promise<void> {
  const { measure, group, level, clip } = options
  const answer = await ask(options, {
    kind: 'difference',
    variants,
    variable: options.name,
    measure,
    groups: [[group[0]], [group[1]]],
    level,
    clip,
  })
  if (options.out !== undefined)
    await writeAnswer(options.out, {
      geojson: () => answer.surface,
      csv: () => differenceRows(answer),
      figure: async () =>
        differenceFigure(answer, await figureGround(placesOfDifference(answer), options), figureSize(options)),
    })
  printResult(options, answer, () => differenceText(answer))
}

function differenceText(answer: DifferenceAnswer): string {
  const { groups, p, bandwidthKm, level, most, reason } = answer
  const points = (share: number) => (100 * share).toFixed(0)
  return [
    textTable([
      ['group', 'informants', 'sites', answer.variants[0]!],
      ...groups.map((group) => [
        groupTitle(group),
        String(group.informants),
        String(group.sites),
        `${points(group.share)} %`,
      ]),
    ]),
    `Kernel of ${bandwidthKm.toFixed(0)} km for both.`,
    ...(p === null
      ? []
      : [`Test that they differ nowhere: p ${p < 0.001 ? '< .001' : `= ${p.toFixed(3)}`} (signs of sites flipped).`]),
    ...(reason === null ? [] : [reason]),
    ...most.map(
      ({ difference, interval, lat, lon }) =>
        `${groupTitle(groups[difference > 0 ? 0 : 1])} has ${points(Math.abs(difference))} points more at ${lat.toFixed(1)}, ${lon.toFixed(1)}; first less second ${points(interval[0])} to ${points(interval[1])} (${points(level)} %).`,
    ),
  ].join('\n')
}
