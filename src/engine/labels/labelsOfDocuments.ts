import type { StageContext } from '#engine/context.ts'
import { inPieces } from '#engine/geo/inPieces.ts'
import { valueName } from './columnScheme.ts'
import type { FittedLabelSet } from './fittedLabelSet.ts'
import { noLabel, type LabelledDocuments } from './scheme.ts'

/**
 * The label of each document: that of its value where the labels are values of a column, else that of its place. A value that
 * no training document has is no label.
 */
export async function labelsOfDocuments(
  set: FittedLabelSet,
  documents: LabelledDocuments,
  context: StageContext,
): Promise<Int32Array> {
  const { labelOfValue } = set
  if (!labelOfValue) return inPieces(documents, set.assign, 'Assigning places', context)
  const { values, codes } = documents.column!
  const labelOfCode = values.map((value) => labelOfValue.get(valueName(value)) ?? noLabel)
  return codes.map((code) => labelOfCode[code] ?? noLabel)
}

/** How many documents have a value that is no label, and such values, by code point. */
export function unseenValues(
  { labelOfValue }: FittedLabelSet,
  { column }: LabelledDocuments,
): { documents: number; values: string[] } {
  if (!labelOfValue || !column) return { documents: 0, values: [] }
  const names = column.values.map(valueName)
  let documents = 0
  const values = new Set<string>()
  for (const code of column.codes) {
    const name = names[code] ?? ''
    if (name === '' || labelOfValue.has(name)) continue
    documents++
    values.add(name)
  }
  return { documents, values: [...values].sort() }
}
