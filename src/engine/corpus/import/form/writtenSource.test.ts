import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { writtenAndRead } from './testing/writtenSource.ts'

let directory: string
beforeAll(async () => void (directory = await mkdtemp(join(tmpdir(), 'isogloss-written-'))))
afterAll(() => rm(directory, { recursive: true, force: true }))

it('reads what was written, whatever the delimiter, quotes, encoding, header, line ends and JSON', async () => {
  // `npm run fuzz` tries thousands.
  for (let number = 0; number < 150; number++) {
    const { written, read, how } = await writtenAndRead(directory, 1, number)
    expect(read, `file ${number}: ${how}`).toEqual(written)
  }
}, 60_000)
