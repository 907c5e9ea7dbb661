import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { fuzzImport } from '#engine/corpus/import/testing/fuzzImport.ts'

/** `npm run fuzz`: mutated files, a hundred at a time so that a failure is told early; FUZZ_SEED tries others. */
const seed = Number(process.env.FUZZ_SEED ?? 1)
const batches = 100
const filesInBatch = 100

it.each(Array.from({ length: batches }, (_, batch) => batch))(
  'files of batch %i end with an error in words or a corpus that can be read',
  async (batch) => {
    const directory = await mkdtemp(join(tmpdir(), 'isogloss-fuzz-'))
    try {
      expect(await fuzzImport(directory, filesInBatch, seed * batches + batch)).toBeGreaterThan(filesInBatch / 5)
    } finally {
      await rm(directory, { recursive: true, force: true })
    }
  },
  600_000,
)
