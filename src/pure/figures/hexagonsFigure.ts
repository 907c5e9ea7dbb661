import { hexbin } from '../maps/hexbin.ts'
import { projectLonLat } from '../maps/projection.ts'
import { quantileOfSorted } from '../quantiles.ts'
import { filled, type FigureOptions } from './frame.ts'
import type { Ground } from './landOfFigure.ts'
import { mapFigure } from './mapFigure.ts'
import { countText } from './numbers.ts'
import { paintOf } from './paint.ts'
import { element, path } from './svg.ts'

/** Hexagons along the width of a map. */
const across = 40

/** Values at places, which a map shows by the median of each hexagon. */
export interface PlacedValues {
  /** Degrees, 2 x n. */
  lonLat: Float32Array
  values: ArrayLike<number>
  /** Lower ends of the classes of medians, ascending; no value is under the first. */
  steps: number[]
  classText(step: number, next: number | undefined): string
  title: string
  /** What a hexagon shows, such as "Median error of the test documents", and what is counted. */
  told: string
  things: string
}

/** A map of hexagons: colour by the median value in each, area by how many there are. */
export function hexagonsFigure(
  { lonLat, values, steps, classText, title, told, things }: PlacedValues,
  ground: Ground,
  options: FigureOptions,
): string {
  const paint = paintOf(options.grey)
  const { geo, extent } = ground.projection
  const xy = projectLonLat(geo, lonLat)
  const radiusKm = (extent.maxX - extent.minX) / (across * Math.sqrt(3))
  const bins = hexbin(xy, radiusKm, extent)
  const inBin = new Map<string, number[]>()
  const keyOf = (x: number, y: number) => `${Math.round(x)},${Math.round(y)}`
  for (let bin = 0; bin < bins.counts.length; bin++)
    inBin.set(keyOf(bins.centres[2 * bin]!, bins.centres[2 * bin + 1]!), [])
  for (let i = 0; i < values.length; i++) {
    const own = hexbin(xy.subarray(2 * i, 2 * i + 2), radiusKm, extent)
    if (own.counts.length === 1) inBin.get(keyOf(own.centres[0]!, own.centres[1]!))!.push(values[i]!)
  }
  const classOf = (value: number) => steps.findLastIndex((step) => value >= step)
  const hexagons = [...inBin].map(([key, found]) => {
    const [x, y] = key.split(',').map(Number) as [number, number]
    return { x, y, count: found.length, class: classOf(quantileOfSorted(Float64Array.from(found).sort(), 0.5)) }
  })
  const shown = [...new Set(hexagons.map((hexagon) => hexagon.class))].sort((a, b) => a - b)
  const left = values.length - hexagons.reduce((sum, { count }) => sum + count, 0)
  return mapFigure(ground, paint, options, {
    title: options.title ?? title,
    caption:
      `${told} of each hexagon (${countText(2 * radiusKm)} km from corner to corner; area by the number of ${things}). ` +
      `${countText(values.length)} ${things}${left > 0 ? `, ${countText(left)} of them beyond the map` : ''}.`,
    legend: shown.map((k) => ({
      label: classText(steps[k]!, steps[k + 1]),
      draw: filled(paint.tone(k, steps.length)),
    })),
    under: () => '',
    over: (plane) => {
      const most = Math.max(...hexagons.map(({ count }) => count))
      return hexagons
        .map(({ x, y, count, class: k }) => {
          // By area, and never too small to be seen.
          const radius = radiusKm * Math.sqrt(Math.max(0.12, Math.min(1, (4 * count) / most)))
          const corners = Array.from({ length: 6 }, (_, corner): [number, number] =>
            plane.plane(x + radius * Math.sin((corner * Math.PI) / 3), y + radius * Math.cos((corner * Math.PI) / 3)),
          )
          return element('path', {
            d: path(corners, true),
            fill: paint.tone(k, steps.length),
            stroke: '#333333',
            'stroke-width': 0.25,
          })
        })
        .join('')
    },
  })
}
