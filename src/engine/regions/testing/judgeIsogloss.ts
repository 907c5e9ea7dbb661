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
  const nodeOf = ([x, y]: [number, number]) => {
    const { lat, lon } = field.toPlace(x, y)
    const [px, py] = grid.plane.toPlane(lat, lon)
    const [column, row] = [Math.round((px - grid.west) / grid.cellKm), Math.round((py - grid.south) / grid.cellKm)]
    return column >= 0 && column < grid.columns && row >= 0 && row < grid.rows ? row * grid.columns + column : -1
  }
  const supported = plantedLine(field).filter((point) => support[nodeOf(point)])
  if (supported.length === 0) return null
  const found = await isogloss(field.sites, grid, { level, at: 0.5, seed, support }, quietContext)
  const inBand = (band: Float64Array) =>
    supported.filter((point) => band[nodeOf(point)]! >= 0).length / supported.length
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
  for (let x = -width / 2; x < width / 2; x += 5)
    for (let y = -height / 2; y < height / 2; y += 5) {
      const here = signedKm(x, y) > 0
      if (here !== signedKm(x + 5, y) > 0 || here !== signedKm(x, y + 5) > 0) points.push([x, y])
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
