import { haversineKm } from '#pure/greatCircle.ts'
import { quietContext } from '#engine/context.ts'
import { isogloss, type Isogloss } from '../isogloss/isogloss.ts'
import { zeroLines, type PlaceLine } from '../isogloss/zeroLines.ts'
import { kernelSurface, leastInformants } from '../kernelSurface.ts'
import { fieldKm, type PlantedField } from './plantedField.ts'

/** How an isogloss lies to the line that was planted, on the supported part of the field. */
export interface JudgedIsogloss {
  found: Isogloss
  /** Share of the planted line inside the pointwise band, and inside the simultaneous one. */
  pointwise: number
  simultaneous: number
  /** Shares of the supported area that the bands take. */
  pointwiseArea: number
  simultaneousArea: number
  /** Median distance from the planted line to the drawn one, and to the line where the kernel surface is one half. */
  medianKm: number
  surfaceMedianKm: number
}

/** @returns null where the planted line lies in no supported part */
export async function judgeIsogloss(
  field: PlantedField,
  { cells, level, seed }: { cells: number; level: number; seed: number },
): Promise<JudgedIsogloss | null> {
  const { grid, effectiveInformants, shares } = await kernelSurface(
    field.sites,
    { cells, isLand: null, bandwidthKm: null },
    quietContext,
  )
  const support = Uint8Array.from(effectiveInformants, (n) => (n >= leastInformants ? 1 : 0))
  const cellOf = ([x, y]: [number, number]): [column: number, row: number] => {
    const { lat, lon } = field.toPlace(x, y)
    const [px, py] = grid.plane.toPlane(lat, lon)
    return [(px - grid.west) / grid.cellKm, (py - grid.south) / grid.cellKm]
  }
  const nodeOf = (point: [number, number]) => {
    const [column, row] = cellOf(point).map(Math.round) as [number, number]
    return column >= 0 && column < grid.columns && row >= 0 && row < grid.rows ? row * grid.columns + column : -1
  }
  /** Between nodes as bands are drawn, linearly; beside what is blank by the nearest node. */
  const valueAt = (band: Float64Array, point: [number, number]) => {
    const [column, row] = cellOf(point)
    const [left, below] = [Math.floor(column), Math.floor(row)]
    const [a, b] = [column - left, row - below]
    const at = below * grid.columns + left
    const between =
      (1 - b) * ((1 - a) * band[at]! + a * band[at + 1]!) +
      b * ((1 - a) * band[at + grid.columns]! + a * band[at + grid.columns + 1]!)
    return Number.isFinite(between) ? between : band[nodeOf(point)]!
  }
  const supported = plantedLine(field).filter((point) => support[nodeOf(point)])
  if (supported.length === 0) return null
  const found = await isogloss(field.sites, grid, { level, at: 0.5, seed, support }, quietContext)
  const inBand = (band: Float64Array) =>
    supported.filter((point) => valueAt(band, point) >= 0).length / supported.length
  const nodes = support.reduce((sum, value) => sum + value, 0)
  const areaOf = (band: Float64Array) => band.reduce((sum, value) => sum + (value >= 0 ? 1 : 0), 0) / nodes
  const medianTo = (lines: PlaceLine[]) => medianKm(supported, lines, field)
  return {
    found,
    pointwise: inBand(found.pointwise),
    simultaneous: inBand(found.simultaneous),
    pointwiseArea: areaOf(found.pointwise),
    simultaneousArea: areaOf(found.simultaneous),
    medianKm: medianTo(found.lines),
    surfaceMedianKm: medianTo(
      zeroLines(
        shares[0]!.map((share) => share - 0.5),
        grid,
      ),
    ),
  }
}

/** Points of the planted line, 5 km apart or so: where the signed distance changes its sign along rows and columns. */
function plantedLine({ signedKm }: PlantedField): [number, number][] {
  const points: [number, number][] = []
  const [width, height] = fieldKm
  const step = 5
  for (let x = -width / 2; x < width / 2; x += step)
    for (let y = -height / 2; y < height / 2; y += step) {
      const [here, east, north] = [signedKm(x, y), signedKm(x + step, y), signedKm(x, y + step)]
      if (here > 0 !== east > 0) points.push([x + (step * here) / (here - east), y])
      if (here > 0 !== north > 0) points.push([x, y + (step * here) / (here - north)])
    }
  return points
}

/** From points of the field to the nearest vertex of some lines; infinite where there is no line. */
function medianKm(points: [number, number][], lines: PlaceLine[], { toPlace }: PlantedField): number {
  const vertices = lines.flat()
  const distancesKm = points.map(([x, y]) => {
    const { lat, lon } = toPlace(x, y)
    return vertices.reduce((least, [pLon, pLat]) => Math.min(least, haversineKm(lat, lon, pLat, pLon)), Infinity)
  })
  return distancesKm.sort((a, b) => a - b)[distancesKm.length >> 1]!
}
