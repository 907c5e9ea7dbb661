import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { randomVectors } from './randomVectors.ts'
import { exportWord2vec, importWord2vec } from './word2vec.ts'

let directory: string
beforeAll(async () => (directory = await mkdtemp(join(tmpdir(), 'isogloss-'))))
afterAll(() => rm(directory, { recursive: true }))

describe('word2vec files', () => {
  const words = ['wicked', '😀', 'čaj', "y'all"]
  it.each([false, true])('come back as they were written (binary: %s)', async (binary) => {
    const path = join(directory, `v-${binary}`)
    const matrix = randomVectors(4, 7, 5)
    await exportWord2vec(path, words, matrix, binary)
    const back = await importWord2vec(path, ['čaj', 'absent', 'wicked'])
    expect(back.found).toBe(2)
    const row = (values: Float32Array, i: number) => Array.from(values.subarray(7 * i, 7 * i + 7))
    for (const [ours, theirs] of [[0, 2], [2, 0]] as const) {
      row(back.matrix.values, ours).forEach((value, k) => expect(value).toBeCloseTo(row(matrix.values, theirs)[k]!, 7))
    }
  })

  it('are read without a head, as GloVe writes them, and refused when they are something else', async () => {
    await writeFile(join(directory, 'g.txt'), 'a 1 2 3\nb 4 5 6')
    expect((await importWord2vec(join(directory, 'g.txt'), ['b'])).matrix.values).toEqual(Float32Array.of(4, 5, 6))
    await writeFile(join(directory, 'x.txt'), 'nonsense\n')
    await expect(importWord2vec(join(directory, 'x.txt'), ['b'])).rejects.toMatchObject({ code: 'embedding/unreadable' })
    await expect(importWord2vec(join(directory, 'none.txt'), ['b'])).rejects.toMatchObject({ code: 'embedding/unreadable' })
  })
})
