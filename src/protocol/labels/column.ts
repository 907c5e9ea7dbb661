import { z } from 'zod'
import type { LabelDescription } from './description.ts'

/** Values of a further column of the corpus, such as country or dialect area; a document without a value has no label. */
export const columnLabelSettings = z.strictObject({
  method: z.literal('column'),
  column: z.string().min(1),
})
export type ColumnLabelSettings = z.infer<typeof columnLabelSettings>

export const columnLabels: LabelDescription = { title: 'Column', finerBy: null }
