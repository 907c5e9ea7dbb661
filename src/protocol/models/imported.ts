import { z } from 'zod'
import type { ModelDescription } from './description.ts'

/** Guesses of a system outside, as a table of `id` or `row`, `lat` and `lon`. */
export const importedSettings = z.strictObject({
  method: z.literal('imported'),
  /** CSV, TSV, JSON Lines, Parquet or a workbook. */
  file: z.string(),
})
export type ImportedSettings = z.infer<typeof importedSettings>

export const imported: ModelDescription<ImportedSettings> = {
  title: 'Imported predictions',
  hasCurve: false,
  tasks: () => ['coordinates'],
  needs: () => ({ labels: false, embedding: false, seeds: false, input: 'none', device: 'processor' }),
  files: ({ file }) => [file],
}
