import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
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
    for (const [ours, theirs] of [
      [0, 2],
      [2, 0],
    ] as const) {
      row(back.matrix.values, ours).forEach((value, k) => expect(value).toBeCloseTo(row(matrix.values, theirs)[k]!, 7))
    }
  })

  it('come back with the names of places that have spaces', async () => {
    const pathOf = (binary: boolean) => join(directory, `places-${binary}`)
    const places = ['⟨New York City⟩', '⟨Bern⟩', '⟨Saint-Denis\u00a0en\u00a0Val⟩']
    const matrix = randomVectors(3, 5, 5)
    for (const binary of [false, true]) {
      await exportWord2vec(pathOf(binary), places, matrix, binary)
      const back = await importWord2vec(pathOf(binary), places)
      expect(back.found).toBe(3)
      back.matrix.values.forEach((value, i) => expect(value).toBeCloseTo(matrix.values[i]!, 7))
    }
    expect((await readFile(pathOf(false), 'utf8')).split('\n')[1]!.split(' ')).toHaveLength(6)
  })

  const read = async (text: string | Buffer, words: string[]) => {
    await writeFile(join(directory, 'v.txt'), text)
    const { matrix, found } = await importWord2vec(join(directory, 'v.txt'), words)
    return { found, values: Array.from(matrix.values) }
  }

  it.each([
    ['without a head', 'a 1 2 3\nb 4 5 6'],
    ['with a head', '2 3\na 1 2 3\nb 4 5 6\n'],
    ['with a mark at the beginning', '\ufeffb 4 5 6\na 1 2 3\n'],
    ['with a mark before the head', '\ufeff2 3\nb 4 5 6\na 1 2 3\n'],
    ['with line ends of Windows and spaces at the end', '2 3 \r\na 1 2 3 \r\nb 4 5 6 \r\n\r\n'],
    ['with tabs', 'a\t1\t2\t3\nb\t4\t5\t6\n'],
    ['with words that have spaces', '. . . 7 8 9\nat name@domain.com 7 8 9\na 1 2 3\nb 4 5 6\nc 1 1 1\n'],
    ['with a head and words that have spaces', '4 3\n. . 7 8 9\nb 4 5 6\nat 5 7 8 9\na 1 2 3\n'],
    ['with a row for all other words', 'a 1 2 3\nb 4 5 6\n<unk> 0 0 0\n'],
    ['with two rows of one word', 'b 4 5 6\na 1 2 3\nb 7 8 9\n'],
    ['packed, whatever their name', gzipSync('a 1 2 3\nb 4e0 5. 6\n')],
  ])('are read %s', async (_, text) => {
    expect(await read(text, ['b'])).toEqual({ found: 1, values: [4, 5, 6] })
  })

  it('read a word with white space that parts no fields', async () => {
    expect(await read('a\u00a0b\u0085 1 2\nb 3 4\nc 5 6\n', ['b', 'c'])).toEqual({ found: 2, values: [3, 4, 5, 6] })
  })

  it.each<[string, string | Buffer, RegExp]>([
    ['words alone', 'nonsense\n', /holds no vectors/],
    ['nothing', '', /holds no vectors/],
    [
      'decimal commas',
      'a 0,1 0,2\nb 0,3 0,4\n',
      /line 1, value 1 of "a" is "0,1", which is no number; write decimals with a point/,
    ],
    ['decimal commas below a head', '2 2\na 0.1 0.2\nb 0.3 0,4\n', /line 3, value 2 of "b" is "0,4"/],
    ['decimal commas in all of a file with a head', '2 2\na 0,1 0,2\nb 0,3 0,4\n', /line 2, value 1/],
    ['not a number', 'a 1 2\nb nan 4\n', /line 2, value 1 of "b" is "nan"/],
    ['an empty field', 'a 1 2\nb 3  4\nc 5 \n', /line 2|line 3/],
    ['a row that is too short', 'a 1 2 3\nb 4 5 6\nc 7 8\n', /row "c" in line 3 has 2 values, expected 3/],
    [
      'bytes that are cut off',
      Buffer.concat([Buffer.from('2 2\na '), Buffer.from(Float32Array.of(1, 2).buffer), Buffer.from('\nb \0\0')]),
      /middle of row 3/,
    ],
    [
      'bytes of no numbers',
      Buffer.concat([Buffer.from('1 2\na '), Buffer.from(Float32Array.of(1, NaN).buffer)]),
      /"a", holds values that are no numbers/,
    ],
    ['a zip archive', Buffer.from('PK\x03\x04....'), /zip archive; unpack it/],
  ])('are refused that hold %s', async (_, text, message) => {
    await expect(read(text, ['b'])).rejects.toMatchObject({
      code: 'embedding/unreadable',
      message: expect.stringMatching(message) as string,
    })
  })

  it('are refused where there is no file', async () => {
    await expect(importWord2vec(join(directory, 'none.txt'), ['b'])).rejects.toMatchObject({
      code: 'embedding/unreadable',
    })
  })
})
