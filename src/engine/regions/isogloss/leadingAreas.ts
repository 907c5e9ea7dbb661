import type { Feature, MultiPolygon } from 'geojson'
import type { StageContext } from '#engine/context.ts'
import { unitVectors } from '#engine/geo/unitVectors.ts'
import type { EqualAreaGrid } from '../equalAreaGrid.ts'
import { areaAtLeast } from '../gridShapes.ts'
import { cellsOfSites, mergeSites } from '../siteCells.ts'
import { oneAgainstRest, type VariantCounts } from '../sites.ts'
import { averagedField, meanField } from './averagedField.ts'
import { zeroLines, type PlaceLine } from './zeroLines.ts'

export interface LeadingAreas {
  /** Where a variant leads; one that leads nowhere has none. */
  areas: Feature<MultiPolygon, { variant: number }>[]
  /** The borders between two of them. */
  borders: { variants: [number, number]; lines: PlaceLine[] }[]
}

/**
 * Of three variants and more the areas in which one of them has the greatest share, each variant's share by a field of its own
 * against all the others. Ties go to the first.
 * @param support by node of the grid: 1 where enough is known
 */
export async function leadingAreas(
  counts: VariantCounts,
  grid: EqualAreaGrid,
  support: Uint8Array,
  context: StageContext,
): Promise<LeadingAreas> {
  const merged = mergeSites(counts, cellsOfSites(counts))
  const vectors = unitVectors(merged)
  const fields: Float64Array[] = []
  for (const variant of merged.users.keys()) {
    const { parts } = await averagedField(vectors, oneAgainstRest(merged, variant), context)
    const modes = parts.map(({ basis, fit, weight }) => ({ basis, weight, coefficients: fit.coefficients }))
    fields.push(meanField(modes, grid.vectors))
  }
  /** The greatest field at a node but for those of some variants. */
  const greatestOf = (node: number, but: number[]) =>
    fields.reduce((most, field, k) => (but.includes(k) ? most : Math.max(most, field[node]!)), -Infinity)
  const known = (value: (node: number) => number) =>
    Float64Array.from(support, (supported, node) => (supported ? value(node) : NaN))
  const borders: LeadingAreas['borders'] = []
  fields.forEach((a, i) => {
    fields.slice(i + 1).forEach((b, offset) => {
      const j = i + 1 + offset
      // Where a third variant leads, these two have no border.
      const difference = known((node) =>
        greatestOf(node, [i, j]) > Math.max(a[node]!, b[node]!) ? NaN : a[node]! - b[node]!,
      )
      const lines = zeroLines(difference, grid)
      if (lines.length > 0) borders.push({ variants: [i, j], lines })
    })
  })
  const areas = fields
    .map(
      (field, variant) =>
      areaAtLeast(known((node) => field[node]! - greatestOf(node, [variant])), 0, grid, { variant }), // prettier-ignore
    )
    .filter(({ geometry }) => geometry.coordinates.length > 0)
  return { areas, borders }
}
