import type { LineAnswer, MapAnswer } from '#protocol/explorer.ts'
import { csvText } from '#pure/csvText.ts'
import { isoglossFigure, placesOfLines } from '#pure/figures/isoglossFigure.ts'
import { isoglossShapes } from '#pure/figures/isoglossShapes.ts'
import { groundUnder } from '#pure/figures/landOfFigure.ts'
import { wordMapFigure } from '#pure/figures/wordMapFigure.ts'
import { naturalEarth } from '../../maps/naturalEarth.ts'
import type { SavedFigure } from '../../parts/savedFigure.ts'
import { placesOf } from './exploreLayers.ts'

/** What of an answer can be saved: the map of shares, and the isogloss where one was asked for. */
export function exploreFigures(map: MapAnswer, line: LineAnswer | null): SavedFigure[] {
  const shares: SavedFigure = {
    title: 'Map of shares',
    draw: async (options) =>
      wordMapFigure(map, await groundUnder(placesOf(map), options.widthMm, naturalEarth), options),
    data: [
      { kind: 'csv', content: () => `${sitesCsv(map)}\n` },
      { kind: 'geojson', content: () => `${JSON.stringify(map.surface)}\n` },
    ],
  }
  if (!line) return [shares]
  const isogloss: SavedFigure = {
    title: 'Isogloss',
    draw: async (options) =>
      isoglossFigure(line, await groundUnder(placesOfLines([line]), options.widthMm, naturalEarth), options),
    data: [
      { kind: 'csv', content: () => `${sitesCsv(map)}\n` },
      { kind: 'geojson', content: () => `${JSON.stringify(isoglossShapes(line))}\n` },
    ],
  }
  return [isogloss, shares]
}

const sitesCsv = ({ perVariant, points }: MapAnswer): string =>
  csvText([
    ['lat', 'lon', 'informants', ...perVariant.map(({ variant }) => variant)],
    ...points.features.map(({ geometry, properties }) => [
      ...geometry.coordinates.toReversed(),
      properties.informants,
      ...properties.users,
    ]),
  ])
