import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { preprocessSettings } from '#protocol/experiment.ts'
import { quietContext } from '#engine/context.ts'
import { seededRandom } from '#engine/random.ts'
import { buildVocabulary, type VocabularyCorpus } from './buildVocabulary.ts'
import { loadEncodedDocuments, loadVocabulary } from './vocabulary.ts'

let directory: string
beforeEach(async () => (directory = await mkdtemp(join(tmpdir(), 'isogloss-'))))
afterEach(() => rm(directory, { recursive: true, force: true }))

/** Documents with fold (0 train, 2 test) and place; only what a vocabulary reads of a corpus. */
function corpusOf(documents: [string, number, number][]): {
  corpus: VocabularyCorpus
  places: () => Promise<{ assignments: Int32Array; names: string[] }>
} {
  const corpus: VocabularyCorpus = {
    count: documents.length,
    folds: Uint8Array.from(documents, ([, fold]) => fold),
    tokenisation: 'text',
    async *texts() {
      await Promise.resolve()
      yield documents.map(([text]) => Buffer.from(text))
    },
  }
  const assignments = Int32Array.from(documents.filter(([, fold]) => fold === 0).map(([, , place]) => place))
  return { corpus, places: () => Promise.resolve({ assignments, names: ['Ulm', 'Bern', 'Graz'] }) }
}

async function build(documents: [string, number, number][], changes: object, threads = 1) {
  const { corpus, places } = corpusOf(documents)
  const summary = await buildVocabulary(
    corpus,
    preprocessSettings.parse({ minFrequency: 2, ...changes }),
    directory,
    { places, threads },
    quietContext,
  )
  const vocabulary = await loadVocabulary(directory)
  const { ids, offsets } = await loadEncodedDocuments(directory, documents.length)
  const texts = documents.map((_, row) =>
    Array.from(ids.subarray(offsets[row], offsets[row + 1]), (id) => vocabulary.words[id]!).join(' '),
  )
  return { summary, vocabulary, texts }
}

describe('buildVocabulary', () => {
  it('counts training alone, orders by count then code point, and cuts long documents', async () => {
    const { summary, vocabulary, texts } = await build(
      [
        ['b a a c', 0, 0],
        ['b c d', 0, 0],
        ['d d d d a', 2, 0],
      ],
      { maxWords: 2 },
    )
    expect(vocabulary.words).toEqual(['a', 'b', 'c'])
    expect(texts).toEqual(['b a', 'b c', 'a'])
    expect(summary).toEqual({ words: 3, tokens: 12, keptTokens: 5, cutDocuments: 1, placeTokens: 0 })
    expect(vocabulary.encode('A x  b')).toEqual({
      ids: Int32Array.of(0, 1),
      spans: Uint32Array.of(0, 1, 5, 6),
      words: 3,
    })
  })

  const rareWords: [string, number, number][] = [
    ['xx one both', 0, 0],
    ['xx two', 0, 0],
    ['both yy', 0, 1],
    ['one two both yy', 2, 1],
  ]

  it('replaces rarer words by their place as the paper has it', async () => {
    const { texts, vocabulary } = await build(rareWords, { replacementTokens: 'naive', minFrequency: 3 })
    expect(texts).toEqual(['⟨Ulm⟩ ⟨Ulm⟩', '⟨Ulm⟩ ⟨Ulm⟩', '⟨Bern⟩', '⟨Ulm⟩ ⟨Ulm⟩ ⟨Bern⟩'])
    expect(Array.from(vocabulary.encode('two both').ids, (id) => vocabulary.words[id])).toEqual(['⟨Ulm⟩'])
  })

  it('leaves a document’s own occurrences out of the vote', async () => {
    const { texts } = await build(rareWords, { replacementTokens: 'leave-one-out', minFrequency: 3 })
    // "both" of document 0 is seen elsewhere only in Bern, that of document 2 only in Ulm.
    expect(texts).toEqual(['⟨Ulm⟩ ⟨Bern⟩', '⟨Ulm⟩', '⟨Ulm⟩', '⟨Ulm⟩ ⟨Ulm⟩ ⟨Bern⟩'])
  })

  it('keeps the words of highest information gain ratio', async () => {
    const documents: [string, number, number][] = [
      ['the ulmer', 0, 0],
      ['the ulmer', 0, 0],
      ['the berner', 0, 1],
      ['the berner', 0, 1],
    ]
    const { vocabulary } = await build(documents, { maxVocabulary: 2 })
    expect(vocabulary.words).toEqual(['berner', 'ulmer'])
  })

  it('does not depend on the order of rows or the number of threads', async () => {
    const random = seededRandom(3)
    const word = () => `w${Math.floor(Math.exp(random.next() * Math.log(400)))}`
    const documents = Array.from({ length: 3000 }, (_, i): [string, number, number] => {
      const place = random.below(3)
      const words = Array.from({ length: 1 + random.below(12) }, () =>
        random.next() < 0.3 ? `p${place}x${random.below(40)}` : word(),
      )
      return [words.join(' '), i % 10 === 0 ? 2 : 0, place]
    })
    for (const changes of [
      {},
      { maxVocabulary: 60 },
      { replacementTokens: 'naive', minFrequency: 20 },
      { replacementTokens: 'leave-one-out', minFrequency: 20, maxVocabulary: 50 },
    ]) {
      const first = await build(documents, changes)
      const order = Int32Array.from(documents.keys())
      random.shuffle(order)
      const shuffled = await build(
        Array.from(order, (i) => documents[i]!),
        changes,
        3,
      )
      expect(shuffled.summary).toEqual(first.summary)
      expect(shuffled.vocabulary.words).toEqual(first.vocabulary.words)
      expect(shuffled.vocabulary.counts).toEqual(first.vocabulary.counts)
      expect(shuffled.texts).toEqual(Array.from(order, (i) => first.texts[i]!))
    }
  })
})
