import { z } from 'zod'
import { labelMethodName } from '#protocol/labels/labels.ts'
import { modelTask } from '#protocol/models/description.ts'
import { modelMethodName } from '#protocol/models/models.ts'
import { metricNames, nearRadiiKm, type Comparison } from '#protocol/comparison.ts'

const errors = { accuracyAt161Km: z.number(), meanErrorKm: z.number(), medianErrorKm: z.number() }
const metrics = {
  accuracy: z.number().nullable(),
  accuracyAt161Km: errors.accuracyAt161Km,
  accuracyAtCountry: z.number().optional(),
  meanErrorKm: errors.meanErrorKm,
  medianErrorKm: errors.medianErrorKm,
}
const metricName = z.enum(metricNames)
const interval = z.tuple([z.number(), z.number()])
const intervals = z.partialRecord(z.enum([...metricNames, 'accuracyAtCountry']), interval)
const atPlaces = z
  .object({ documents: z.number(), medianErrorKm: z.number().nullable(), meanErrorKm: z.number().nullable() })
  .nullable()

const coverage = { documents: z.number(), coverage: z.number(), interval }
const areasKm2 = { medianAreaKm2: z.number(), meanAreaKm2: z.number() }
const likelihood = { nll: z.number(), brier: z.number() }
const reliability = z.object({
  temperature: z.number(),
  ...likelihood,
  raw: z.object(likelihood),
  within161Km: z.array(z.object({ documents: z.number(), expected: z.number(), observed: z.number() })),
  calibrationError: z.number(),
  calibrationDocuments: z.number(),
})
const region = z.object({
  level: z.number(),
  ...coverage,
  ...areasKm2,
  beside: z.array(z.object({ by: z.enum(['probability', 'threshold']), ...coverage, ...areasKm2 })),
  bySettlement: z.array(z.object({ population: z.number(), ...coverage })),
  byRegion: z.array(z.object({ region: z.string(), ...coverage })),
})

const condition = z.object({
  labels: z.string().nullable(),
  model: z.string(),
  preprocess: z.string().optional(),
  labelsMethod: labelMethodName.nullable(),
  method: modelMethodName,
  tasks: z.array(modelTask),
  labelCount: z.number().nullable(),
  seeds: z.array(z.number()),
  ...metrics,
  perSeed: z.array(z.object({ seed: z.number(), ...metrics })),
  intervals,
  accuracyWithinKm: z.record(z.enum(nearRadiiKm), z.number()),
  coordinatesHead: z.object(errors).nullable(),
  oracle: z.object(errors).nullable(),
  overOracleKm: z.object({ meanErrorKm: z.number(), medianErrorKm: z.number() }).nullable(),
  seenPlaces: atPlaces,
  unseenPlaces: atPlaces,
  runs: z.array(z.string()),
  reliability: reliability.optional(),
  regions: z.array(region).optional(),
  bestIn: z.array(metricName),
})

const floor = z.object({
  labels: z.string().nullable(),
  model: z.enum(['median-point', 'largest-label']),
  labelsMethod: labelMethodName.nullable(),
  method: z.null(),
  tasks: z.tuple([]),
  labelCount: z.number().nullable(),
  ...metrics,
  intervals,
})

const scalar = z.union([z.string(), z.number(), z.boolean()])
const rowSettings = { settings: z.record(z.string(), z.union([scalar, z.null(), z.array(scalar)])).optional() }

const comparison: z.ZodType<Comparison> = z.object({
  experiment: z.string(),
  synthetic: z.boolean(),
  test: z.object({
    documents: z.number(),
    unit: z.enum(['author', 'place', 'document']),
    clusters: z.number(),
    resamples: z.number(),
  }),
  settings: z.object({
    mentions: z.string(),
    hashtags: z.string(),
    placeNames: z.string(),
    stopwords: z.string(),
    replacementTokens: z.string(),
    splitBy: z.string(),
  }),
  differing: z.array(z.string()).optional(),
  results: z.array(z.union([condition.extend(rowSettings), floor.extend(rowSettings)])),
  differences: z.array(
    z.object({
      a: z.string(),
      b: z.string(),
      metric: metricName,
      difference: z.number(),
      interval,
      p: z.number(),
      contrast: z.boolean(),
      pHolm: z.number(),
    }),
  ),
  warnings: z.array(z.string()),
})

/** experiments/NAME.comparison.json; `id` stands for what it was computed from. Keys come in the order in which they are computed. */
export const comparisonFile = z.object({ id: z.string(), comparison })
