import type { LabelMap } from '#protocol/labelSets.ts'
import { csvText } from '#pure/csvText.ts'
import { labelsFigure } from '#pure/figures/labelsFigure.ts'
import { groundUnder } from '#pure/figures/landOfFigure.ts'
import { naturalEarth } from '../../maps/naturalEarth.ts'
import type { SavedFigure } from '../../parts/savedFigure.ts'

/** The territories of each label set; all on the ground of the first, so that they can be laid side by side. */
export const labelsFigures = (maps: LabelMap[], territories: (labels: string) => Promise<string>): SavedFigure[] =>
  maps.map((map) => ({
    title: `Labels ${map.summary.name}`,
    draw: async (options) =>
      labelsFigure(map, await groundUnder(maps[0]!.points, options.widthMm, naturalEarth), options),
    data: [
      { kind: 'csv', content: () => labelsCsv(map) },
      { kind: 'geojson', content: () => territories(map.summary.name) },
    ],
  }))

const labelsCsv = ({ labels }: LabelMap): string =>
  `${csvText([
    ['label', 'name', 'city', 'country', 'documents', 'lat', 'lon'],
    ...labels.map(({ index, name, city, country, documents, lat, lon }) => [
      index,
      name,
      city,
      country,
      documents,
      lat,
      lon,
    ]),
  ])}\n`
