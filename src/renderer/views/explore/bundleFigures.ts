import type { BundleAnswer } from '#protocol/explorer.ts'
import { csvText } from '#pure/csvText.ts'
import { bundleFigure, placesOfBundle } from '#pure/figures/bundleFigure.ts'
import { groundUnder } from '#pure/figures/landOfFigure.ts'
import { naturalEarth } from '../../maps/naturalEarth.ts'
import type { SavedFigure } from '../../parts/savedFigure.ts'

/** What a bundle says of itself under its map. */
export const bundleCaption = ({ lines, cellKm }: BundleAnswer): string =>
  `${lines.filter(({ line }) => line !== null).length} of ${lines.length} variables have a line. ` +
  `Shaded by the expected number of isoglosses in a cell of ${Math.round(cellKm)} km, over 1,000 draws of each line.`

export const bundleFigures = (answer: BundleAnswer): SavedFigure[] => [
  {
    title: 'Bundle of isoglosses',
    draw: async (options) =>
      bundleFigure(answer, await groundUnder(placesOfBundle(answer), options.widthMm, naturalEarth), options),
    data: [
      {
        kind: 'csv',
        content: () =>
          `${csvText([
            ['variants', 'informants', 'p', 'line', 'reason'],
            ...answer.lines.map(({ variants, informants, p, line, reason }) => [
              variants.join(' | '),
              informants,
              p ?? '',
              line ? 'yes' : 'no',
              reason ?? '',
            ]),
          ])}\n`,
      },
      {
        kind: 'geojson',
        content: () =>
          `${JSON.stringify({
            type: 'FeatureCollection',
            features: [...answer.expected.features, ...answer.lines.flatMap(({ line }) => (line ? [line] : []))],
          })}\n`,
      },
    ],
  },
]
