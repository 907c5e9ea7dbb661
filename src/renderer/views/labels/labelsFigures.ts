import type { LabelMap } from '#protocol/labelSets.ts'
import { labelsFigure } from '#pure/figures/labelsFigure.ts'
import { groundOf } from '../../maps/groundOf.ts'
import { csvData, type FigureData, type SavedFigure } from '#pure/figures/savedFigure.ts'

/** The territories of each label set; all on the ground of the first, so that they can be laid side by side. */
export const labelsFigures = (maps: LabelMap[], territories: (labels: string) => Promise<string>): SavedFigure[] =>
  maps.map((map) => ({
    title: `Labels ${map.summary.name}`,
    draw: async (options) => labelsFigure(map, await groundOf(maps[0]!.points, options), options),
    data: [labelsData(map), { kind: 'geojson', content: () => territories(map.summary.name) }],
  }))

const labelsData = ({ labels }: LabelMap): FigureData =>
  csvData(() => [
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
  ])
