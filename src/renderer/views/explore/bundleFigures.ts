import type { BundleAnswer } from '#protocol/explorer.ts'
import { bundleFigure, placesOfBundle } from '#pure/figures/bundleFigure.ts'
import { groundOf } from '../../maps/groundOf.ts'
import { csvData, geojsonData, type SavedFigure } from '#pure/figures/savedFigure.ts'

/** What a bundle says of itself under its map. */
export const bundleCaption = ({ lines, cellKm }: BundleAnswer): string =>
  `${lines.filter(({ line }) => line !== null).length} of ${lines.length} variables have a line. ` +
  `Shaded by the expected number of isoglosses in a cell of ${Math.round(cellKm)} km, over 1,000 draws of each line.`

export const bundleFigures = (answer: BundleAnswer): SavedFigure[] => [
  {
    title: 'Bundle of isoglosses',
    draw: async (options) => bundleFigure(answer, await groundOf(placesOfBundle(answer), options), options),
    data: [
      csvData(() => [
        ['variants', 'informants', 'p', 'line', 'reason'],
        ...answer.lines.map(({ variants, informants, p, line, reason }) => [
          variants.join(' | '),
          informants,
          p ?? '',
          line ? 'yes' : 'no',
          reason ?? '',
        ]),
      ]),
      geojsonData(() => [...answer.expected.features, ...answer.lines.flatMap(({ line }) => (line ? [line] : []))]),
    ],
  },
]
