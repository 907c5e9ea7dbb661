import { z } from 'zod'
import { count } from '../numbers.ts'
import type { LabelDescription } from './description.ts'

export const kdTreeSettings = z.strictObject({
  method: z.literal('kd-tree').default('kd-tree'),
  bucket: count.default(300),
  /** A scheme of the file, for whose number of labels the bucket is searched; the bucket above is not used then. */
  match: z.string().optional(),
  assign: z.enum(['cell', 'nearest-median']).default('cell'),
})
export type KdTreeSettings = z.infer<typeof kdTreeSettings>

export const kdTree: LabelDescription = { title: 'k-d tree', finerBy: 'bucket' }
