import { z } from 'zod'
import { folds } from '#protocol/results.ts'
import type { CorpusFile } from './import/importCorpus.ts'

/** Rows are numbered in 32 bits. */
const count = z.number().int().min(0).max(2 ** 31 - 1)

/** corpus.json. What was added to it since the first version may be missing. */
export const corpusFile: z.ZodType<CorpusFile> = z.object({
  tokenisation: z.enum(['text', 'answers']),
  authorCount: count,
  summary: z.object({
    name: z.string(),
    format: z.string(),
    encoding: z.string(),
    splitBy: z.enum(['author', 'place', 'document', 'files', 'none']),
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
})
