import { z } from 'zod'
import { labelMethodName } from '#protocol/labels/labels.ts'
import type { Granularity, LabelSetSummary } from '#protocol/labelSets.ts'

const count = z.number().int().nonnegative()
const oracle = z.object({ accuracyAt161Km: z.number(), meanErrorKm: z.number(), medianErrorKm: z.number() }).nullable()

const distances = {
  labelCount: z.number().int(),
  meanToCentreKm: z.number(),
  medianToCentreKm: z.number(),
  centreToCityKm: z.number(),
}
const oracles = z.object({ train: oracle, dev: oracle, test: oracle })

/** summary.json of a label set: its id and its assignments are where its folder is. */
export const labelSummaryFile: z.ZodType<Omit<LabelSetSummary, 'id' | 'assignments'>, unknown> = z.object({
  name: z.string(),
  method: labelMethodName,
  assign: z.string(),
  ...distances,
  oracleMedianKm: z.number(),
  oracle: oracles,
  sizes: z.tuple([z.number(), z.number(), z.number(), z.number(), z.number()]),
  unlabelled: z.object({ train: count, dev: count, test: count }).default({ train: 0, dev: 0, test: 0 }),
  reassigned: z.number().nullable(),
})

/** A row of a sweep's table. */
export const granularity: z.ZodType<Granularity> = z.discriminatedUnion('method', [
  z.object({ method: z.literal('kd-tree'), bucket: z.number(), ...distances, oracle: oracles }),
  z.object({ method: z.literal('point2city'), radiusKm: z.number(), ...distances, oracle: oracles }),
])
