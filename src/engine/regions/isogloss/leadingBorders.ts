import type { StageContext } from '#engine/context.ts'
import { unitVectors } from '#engine/geo/unitVectors.ts'
import type { EqualAreaGrid } from '../equalAreaGrid.ts'
import { cellsOfSites, mergeSites } from '../siteCells.ts'
import { oneAgainstRest, type VariantCounts } from '../sites.ts'
import { averagedField, meanField } from './averagedField.ts'
import { zeroLines, type PlaceLine } from './zeroLines.ts'

/** The border of the areas in which two of several variants lead. */
export interface LeadingBorder {
  variants: [number, number]
  lines: PlaceLine[]
}

/**
 * Of three variants and more the borders between areas in which one of them has the greatest share, each variant's share by a
 * field of its own against all the others. Ties go to the first.
 */
export async function leadingBorders(
  counts: VariantCounts,
  grid: EqualAreaGrid,
  support: Uint8Array,
  context: StageContext,
): Promise<LeadingBorder[]> {
  const merged = mergeSites(counts, cellsOfSites(counts))
  const vectors = unitVectors(merged)
  const fields: Float64Array[] = []
  for (const variant of merged.users.keys())
    fields.push(meanField(await averagedField(vectors, oneAgainstRest(merged, variant), context), grid.vectors))
  const borders: LeadingBorder[] = []
  fields.forEach((a, i) => {
    fields.slice(i + 1).forEach((b, offset) => {
      const j = i + 1 + offset
      // Where a third variant leads, these two have no border.
      const difference = a.map((value, node) => {
        const led = fields.some((other, k) => k !== i && k !== j && other[node]! > Math.max(value, b[node]!))
        return support[node] && !led ? value - b[node]! : NaN
      })
      const lines = zeroLines(difference, grid)
      if (lines.length > 0) borders.push({ variants: [i, j], lines })
    })
  })
  return borders
}
