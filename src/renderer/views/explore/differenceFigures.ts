import type { DifferenceAnswer } from '#protocol/groupDifference.ts'
import { differenceFigure, differenceRows, placesOfDifference } from '#pure/figures/differenceFigure.ts'
import { groundOf } from '../../maps/groundOf.ts'
import { csvData, geojsonData, type SavedFigure } from '#pure/figures/savedFigure.ts'

/** The map of a difference, with its sites and areas. */
export const differenceFigures = (answer: DifferenceAnswer): SavedFigure[] => [
  {
    title: 'Difference of two groups',
    draw: async (options) => differenceFigure(answer, await groundOf(placesOfDifference(answer), options), options),
    data: [csvData(() => differenceRows(answer)), geojsonData(() => answer.surface.features)],
  },
]
