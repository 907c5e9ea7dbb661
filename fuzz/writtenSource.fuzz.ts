import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { writtenAndRead } from '#engine/corpus/import/form/testing/writtenSource.ts'

/** Files drawn at random: what was written is what is read. FUZZ_SEED tries others. */
const seed = Number(process.env.FUZZ_SEED ?? 1)
const batches = 30
const filesInBatch = 100

it.each(Array.from({ length: batches }, (_, batch) => batch))(
  'files of batch %i are read as they were written',
  async (batch) => {
    const directory = await mkdtemp(join(tmpdir(), 'isogloss-written-'))
    try {
      for (let number = 0; number < filesInBatch; number++) {
        const { written, read, how } = await writtenAndRead(directory, seed, batch * filesInBatch + number)
        expect(read, `file ${batch * filesInBatch + number}: ${how}`).toEqual(written)
      }
    } finally {
      await rm(directory, { recursive: true, force: true })
    }
  },
  600_000,
)
