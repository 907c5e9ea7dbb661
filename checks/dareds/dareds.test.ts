import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { Figures } from '../check.ts'
import { dareds } from './dareds.ts'
import { readDialectTerms } from './dialectTerms.ts'
import { byChance, retrievalAt } from './retrieval.ts'

let directory: string
beforeAll(async () => (directory = await mkdtemp(join(tmpdir(), 'isogloss-dareds-'))))
afterAll(() => rm(directory, { recursive: true, force: true }))

const say = () => undefined
async function termsFile(lines: object[]): Promise<string> {
  const file = join(directory, 'terms.json')
  await writeFile(file, lines.map((line) => `${JSON.stringify(line)}\n`).join(''))
  return file
}

/** Thirty authors in Portland, Maine, who say "ayuh", and thirty in Boise, Idaho; "the" is everybody's, "pond" half of each's. */
async function corpusFile(): Promise<string> {
  const lines = Array.from({ length: 60 }, (_, i) => {
    const [lat, lon, own] = i < 30 ? [43.66, -70.26, 'ayuh'] : [43.61, -116.2, 'spud']
    const words = Array.from({ length: 8 }, (_, k) => `filler${String.fromCharCode(97 + ((i * 7 + k) % 24))}`)
    return `a${i}\t${lat}\t${lon}\tthe ${i % 3 > 0 ? own : ''} ${i % 2 ? 'pond' : ''} ${words.join(' ')} n${i}`
  })
  const file = join(directory, 'authors.txt')
  await writeFile(file, `${lines.join('\n')}\n`)
  return file
}

it('finds the terms of a state at the top of its typical words, where frequency and chance do not', async () => {
  const terms = await termsFile([
    { dialect: 'maine', 'dialect subregions': 'portland', word: 'ayuh' },
    { dialect: 'Idaho', word: 'spud' },
    { dialect: 'idaho', word: 'nobodysaysthis' },
    { dialect: 'new england', word: 'ayuh' },
    { dialect: 'maine', word: 'dooryard call' },
  ])
  expect((await readDialectTerms(terms)).leftOut).toEqual({ regions: 1, phrases: 1 })
  const found = await dareds.run({ size: 'small', say, files: { terms, corpus: [await corpusFile()] } })
  expect(found).toMatchObject({ states: 2, terms: 2 })
  const { typical, frequency, chance } = found['at10'] as Record<string, Figures>
  expect(typical).toEqual({ precision: 0.1, recall: 1 })
  expect(frequency!['recall']).toBeLessThanOrEqual(1)
  expect(chance!['recall']).toBeLessThan(0.6)
}, 60_000)

it('counts what a ranking finds, and says which line is no term', async () => {
  const ranked = ['a', 'b', 'c', 'd']
  expect(retrievalAt(2, ranked, new Set(['b', 'd', 'x']))).toEqual({ precision: 0.5, recall: 1 / 3 })
  expect(retrievalAt(10, ranked, new Set(['b', 'd']))).toEqual({ precision: 0.5, recall: 1 })
  expect(byChance(2, 4, 1)).toEqual({ precision: 0.25, recall: 0.5 })
  await expect(readDialectTerms(await termsFile([{ dialect: 'maine' }]))).rejects.toThrow(
    /line 1 has no "dialect" and "word"/,
  )
})

it('is skipped with a word where nothing is there', async () => {
  const said: string[] = []
  const files = { terms: join(directory, 'none.json') }
  expect(await dareds.run({ size: 'small', say: (line) => said.push(line), files })).toEqual({ skipped: true })
  expect(said.join()).toMatch(/^Skipped: .*none\.json.*--terms FILE/)
})
