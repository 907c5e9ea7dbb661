import { mkdtemp, readFile, rm, truncate, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { preprocessSettings } from '#protocol/experiment.ts'
import { quietContext } from '#engine/context.ts'
import { writeNpy } from '#engine/files/npy.ts'
import { buildVocabulary, type VocabularyCorpus } from './buildVocabulary.ts'
import { spelledDocuments } from './spelledDocuments.ts'
import { loadEncodedDocuments, loadVocabulary } from './vocabulary.ts'

const texts = ['one two three', 'two three seldom', 'three one one']

const corpus: VocabularyCorpus = {
  count: 3,
  folds: new Uint8Array(3),
  tokenisation: 'text',
  async *texts() {
    await Promise.resolve()
    yield texts.map((text) => Buffer.from(text))
  },
}

let directory: string
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'isogloss-'))
  const places = () => Promise.resolve({ assignments: Int32Array.of(0, 1, 0), names: ['Ulm', 'Bern'] })
  await buildVocabulary(
    corpus,
    preprocessSettings.parse({ minFrequency: 2, replacementTokens: 'naive' }),
    directory,
    { places },
    quietContext,
  )
})
afterEach(() => rm(directory, { recursive: true, force: true }))

const refused = (file: string, message: string) => ({
  code: 'file/damaged',
  message: expect.stringMatching(new RegExp(`${file} cannot be used: .*${message}.*Delete the artefact`)) as string,
})

describe('loadVocabulary', () => {
  it('refuses tables of which a part is missing', async () => {
    const path = join(directory, 'words.tsv')
    const whole = await readFile(path)
    expect(whole.toString()).toBe('word\tcount\tigr\none\t3\t\nthree\t3\t\ntwo\t2\t\n⟨Bern⟩\t\t\n')
    for (let length = 0; length < whole.length; length++) {
      await truncate(path, length)
      await expect(loadVocabulary(directory), `${length} bytes`).rejects.toMatchObject({ code: 'file/damaged' })
      await writeFile(path, whole)
    }
    expect((await loadVocabulary(directory)).words).toEqual(['one', 'three', 'two', '⟨Bern⟩'])
  })

  it.each([
    ['words.tsv', 'word\tcount\tigr\none\n', 'row "one"'],
    ['words.tsv', 'word\tcount\tigr\none\t-3\t\n', 'row "one\t-3\t"'],
    ['words.tsv', 'word\tcount\tigr\none\t1e99\t\n', 'row "one\t1e99\t"'],
    ['words.tsv', 'word\tcount\tigr\none\t3\t\n', 'it has 1 words, expected 4'],
    ['rareWords.tsv', 'word\tid\nseldom\t4\n', 'row "seldom\t4" is not a text and a whole number below 4'],
    ['rareWords.tsv', 'word\tid\nseldom\t0.5\n', 'row "seldom\t0.5"'],
    ['vocabulary.json', '{"settings": {"maxWords": 1e99}}', 'tokenisation'],
    ['vocabulary.json', '', 'it is empty'],
  ])('refuses %s with %j', async (file, content, message) => {
    await writeFile(join(directory, file), content)
    await expect(loadVocabulary(directory)).rejects.toMatchObject(refused(file, message))
  })
})

describe('spelling', () => {
  it('reads words that the vocabulary lacks, and no token of a place', async () => {
    const vocabulary = await loadVocabulary(directory, true)
    const { ids, spans, spell } = vocabulary.encode('new one seldom new')
    expect(Array.from(ids)).toEqual([4, 0, 5, 4])
    expect(Array.from(spans)).toEqual([0, 3, 4, 7, 8, 14, 15, 18])
    expect(Array.from(ids, spell!)).toEqual(['new', 'one', 'seldom', 'new'])
    // Without it the rarer word is its place, and a new one is dropped.
    expect(Array.from((await loadVocabulary(directory)).encode('new one seldom new').ids)).toEqual([0, 3])
  })

  it('has every document as it was written', async () => {
    const { words, ids, offsets, spell } = await spelledDocuments(directory, corpus, quietContext)
    expect(words).toBe(4)
    const read = texts.map((_, i) => Array.from(ids.subarray(offsets[i], offsets[i + 1]), spell!).join(' '))
    expect(read).toEqual(texts)
    expect(Math.max(...ids)).toBe(4)
  })
})

describe('loadEncodedDocuments', () => {
  it.each([
    ['tokens.npy', Int32Array.of(0, 2, 1, 2, 1, 3, 1, 0, 4), 'number 8 of 9 is 4, expected 0 to 3'],
    ['tokens.npy', Int32Array.of(-1, 2, 1, 2, 1, 3, 1, 0, 0), 'number 0 of 9 is -1'],
    ['tokens.npy', Int32Array.of(0, 2), String.raw`its shape is \(2\), expected \(9\)`],
    ['offsets.npy', Float64Array.of(0, 3, 2, 9), 'offset 2 is 2'],
    ['offsets.npy', Float64Array.of(1, 3, 6, 9), 'offset 0 is 1'],
    ['offsets.npy', Float64Array.of(0, 3, 10, 9), 'offset 2 is 10'],
    ['offsets.npy', Float64Array.of(0, 3, NaN, 9), 'offset 2 is NaN'],
    ['offsets.npy', Float64Array.of(0, 3, 6.5, 9), 'offset 2 is 6.5'],
    ['offsets.npy', Float64Array.of(0, 3, 6, 8), 'it ends at 8, expected 9'],
    ['offsets.npy', Float64Array.of(0, 9), String.raw`its shape is \(2\), expected \(4\)`],
  ])('refuses %s %s', async (file, values, message) => {
    expect((await loadEncodedDocuments(directory, 3)).ids).toHaveLength(9)
    await writeNpy(join(directory, file), values)
    await expect(loadEncodedDocuments(directory, 3)).rejects.toMatchObject(refused(file, message))
  })
})
