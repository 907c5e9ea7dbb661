import { contours } from 'd3-contour'
import type { Position } from 'geojson'
import type { DensityComponent } from '#protocol/runs.ts'

/** An area of highest density that holds a share of it. */
export interface DensityArea {
  share: number
  /** lon,lat degrees, each an outline and its holes. */
  polygons: Position[][][]
}

/** Gaussians lighter than this are not drawn. */
const leastWeight = 1e-3
/** Standard deviations beyond which a Gaussian is as good as nothing. */
const reach = 4
/** Cells along a side, at most. */
const mostCells = 400

interface DensityGrid {
  columns: number
  rows: number
  west: number
  south: number
  lonStep: number
  latStep: number
  /** Row by row from the south. */
  values: Float64Array
}

/**
 * The areas of highest density of a mixture that hold some shares of it, the largest first, on a grid of degrees.
 * @param shares 0-1
 */
export function densityAreas(components: DensityComponent[], shares = [0.9, 0.5]): DensityArea[] {
  const heavy = components.filter(({ weight }) => weight >= leastWeight)
  if (heavy.length === 0) return []
  const grid = densityGrid(heavy)
  const descending = grid.values.slice().sort().reverse()
  const total = descending.reduce((sum, value) => sum + value, 0)
  const draw = contours().size([grid.columns, grid.rows]).smooth(true)
  const place = ([x, y]: Position): Position => [grid.west + x! * grid.lonStep, grid.south + y! * grid.latStep]
  return [...shares]
    .sort((a, b) => b - a)
    .map((share) => {
      let [held, last] = [0, 0]
      while (last < descending.length - 1 && held + descending[last]! < share * total) held += descending[last++]!
      const { coordinates } = draw.contour(Array.from(grid.values), descending[last]!)
      return { share, polygons: coordinates.map((rings) => rings.map((ring) => ring.map(place))) }
    })
}

/** The mixture at the middles of cells that cover its Gaussians; longitudes go on beyond 180 where those do. */
function densityGrid(components: DensityComponent[]): DensityGrid {
  const home = components[0]!.lon
  const placed = components.map((one) => ({ ...one, lon: one.lon - 360 * Math.round((one.lon - home) / 360) }))
  const side = (middle: 'lat' | 'lon', deviation: 'latDeviation' | 'lonDeviation') => {
    const from = Math.min(...placed.map((one) => one[middle] - reach * one[deviation]))
    const to = Math.max(...placed.map((one) => one[middle] + reach * one[deviation]))
    const fine = Math.min(...placed.map((one) => one[deviation])) / 12
    const cells = Math.min(mostCells, Math.max(120, Math.ceil((to - from) / fine)))
    return { from, cells, step: (to - from) / cells }
  }
  const [east, north] = [side('lon', 'lonDeviation'), side('lat', 'latDeviation')]
  const values = new Float64Array(east.cells * north.cells)
  for (const { weight, lat, lon, latDeviation, lonDeviation, correlation } of placed) {
    const rest = 1 - correlation * correlation
    const height = weight / (2 * Math.PI * latDeviation * lonDeviation * Math.sqrt(rest))
    const [fromRow, toRow] = cellsWithin(north, lat, reach * latDeviation)
    const [fromColumn, toColumn] = cellsWithin(east, lon, reach * lonDeviation)
    for (let row = fromRow; row < toRow; row++) {
      const v = (north.from + (row + 0.5) * north.step - lat) / latDeviation
      for (let column = fromColumn; column < toColumn; column++) {
        const u = (east.from + (column + 0.5) * east.step - lon) / lonDeviation
        values[row * east.cells + column]! += height * Math.exp(-(u * u - 2 * correlation * u * v + v * v) / (2 * rest))
      }
    }
  }
  return {
    columns: east.cells,
    rows: north.cells,
    west: east.from,
    south: north.from,
    lonStep: east.step,
    latStep: north.step,
    values,
  }
}

const cellsWithin = (
  { from, cells, step }: { from: number; cells: number; step: number },
  middle: number,
  by: number,
) =>
  [
    Math.max(0, Math.floor((middle - by - from) / step)),
    Math.min(cells, Math.ceil((middle + by - from) / step)),
  ] as const
