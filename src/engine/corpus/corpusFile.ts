import { z } from 'zod'
import { columnNames } from '#protocol/experiment.ts'
import { sourceReading } from '#protocol/reading.ts'
import { folds, type ImportReading } from '#protocol/corpus.ts'
import type { CorpusFile } from './import/importCorpus.ts'

/** Rows are numbered in 32 bits. */
const count = z
  .number()
  .int()
  .min(0)
  .max(2 ** 31 - 1)

const columnRole = z.enum([
  'text',
  'latitude',
  'longitude',
  'point',
  'author',
  'fold',
  'answer',
  'question',
  'response',
  'further',
  'personal',
  'unused',
])
const sentenceTopic = z.enum([
  'format',
  'encoding',
  'quote',
  'header',
  'place',
  'text',
  'answers',
  'author',
  'fold',
  'further',
  'personal',
  'rows',
])

const importReading: z.ZodType<ImportReading> = sourceReading.extend({
  fold: z.enum(folds),
  columns: z.array(z.object({ name: z.string(), role: columnRole, sample: z.string() })),
  chosen: columnNames,
  rows: z.object({
    taken: count,
    filtered: count,
    rejected: z.array(z.object({ reason: z.string(), rows: count, example: z.string() })),
    complete: z.boolean(),
  }),
  sentences: z.array(z.object({ about: sentenceTopic, text: z.string() })),
})

/** corpus.json. What was added to it since the first version may be missing. */
export const corpusFile: z.ZodType<CorpusFile> = z.object({
  tokenisation: z.enum(['text', 'answers']),
  authorCount: count,
  summary: z.object({
    name: z.string(),
    format: z.string(),
    encoding: z.string(),
    splitBy: z.enum(['author', 'place', 'document', 'files', 'column', 'none']),
    synthetic: z.boolean(),
    filtered: count.default(0),
    furtherColumns: z.array(z.string()).default([]),
    warnings: z.array(z.string()),
    documents: z.record(z.enum(folds), count),
    authors: count.nullable(),
    places: count,
    rejected: count,
    rejectedByReason: z.record(z.string(), count),
    testPlacesSeen: z.number().nullable(),
    authorsAcrossFolds: count,
    duplicateDocuments: count,
    duplicatesAcrossFolds: count.default(0),
    duplicatesDropped: count.default(0),
  }),
  reading: z.array(importReading).optional(),
  withoutText: z.boolean().optional(),
})
