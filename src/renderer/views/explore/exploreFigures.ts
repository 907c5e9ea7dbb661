import type { LineAnswer, MapAnswer } from '#protocol/explorer.ts'
import { lonLatOf, siteRows } from '#pure/maps/siteColumns.ts'
import { isoglossFigure, placesOfLines } from '#pure/figures/isoglossFigure.ts'
import { isoglossShapes } from '#pure/figures/isoglossShapes.ts'
import { wordMapFigure } from '#pure/figures/wordMapFigure.ts'
import { groundOf } from '../../maps/groundOf.ts'
import { csvData, geojsonData, type SavedFigure } from '#pure/figures/savedFigure.ts'

/** What of an answer can be saved: the map of shares, and the isogloss where one was asked for. */
export function exploreFigures(map: MapAnswer, line: LineAnswer | null): SavedFigure[] {
  const sites = csvData(() =>
    siteRows(
      map.points,
      map.perVariant.map(({ variant }) => variant),
    ),
  )
  const shares: SavedFigure = {
    title: 'Map of shares',
    draw: async (options) => wordMapFigure(map, await groundOf(lonLatOf(map.points), options), options),
    data: [sites, geojsonData(() => map.surface.features)],
  }
  if (!line) return [shares]
  const isogloss: SavedFigure = {
    title: 'Isogloss',
    draw: async (options) => isoglossFigure(line, await groundOf(placesOfLines([line]), options), options),
    data: [sites, geojsonData(() => isoglossShapes(line).features)],
  }
  return [isogloss, shares]
}
