import { join } from 'node:path'
import type { PreprocessSettings } from '#protocol/experiment.ts'
import { tokenise, type TokeniserResources } from '#engine/corpus/text/tokenise.ts'
import { tokeniserResources } from '#engine/corpus/text/tokeniserResources.ts'
import { damagedFile, readText, requireBelow } from '#engine/files/artefactFile.ts'
import { readArray } from '#engine/files/npy.ts'
import { FurtherWords } from './furtherWords.ts'
import { readVocabularyFile } from './vocabularyFile.ts'

export interface EncodedText {
  ids: Int32Array
  /** Start and end of each kept word in the original text, two a word. */
  spans: Uint32Array
  /** Tokens before the vocabulary filter. */
  words: number
  /** How the word of an id is spelled, where words that the vocabulary lacks are read too. */
  spell?: (id: number) => string
}

export interface Vocabulary {
  words: string[]
  /** Occurrences in training; 0 for a place token. */
  counts: Uint32Array
  size: number
  index: Map<string, number>
  settings: PreprocessSettings
  /** Ids of the place tokens that stand for rarer words. */
  rareWords: Map<string, number>
  /** What texts are cut by beside the settings. */
  resources: TokeniserResources
  /** Whether words that it lacks are read too: as further numbers, and never as the token of a place. */
  spelling: boolean
  /**
   * Encodes a text as a document outside training is encoded.
   * @param further numbers of words that the vocabulary lacks, where several texts share them
   */
  encode(text: string, further?: FurtherWords): EncodedText
}

/** @throws EngineError 'file/damaged' */
export async function loadVocabulary(directory: string, spelling = false): Promise<Vocabulary> {
  const { tokenisation, settings, summary } = await readVocabularyFile(directory)
  const words: string[] = []
  const counts: number[] = []
  const index = new Map<string, number>()
  const table = join(directory, 'words.tsv')
  await eachRow(table, 2 ** 32, (word, count) => {
    index.set(word, words.length)
    words.push(word)
    counts.push(count)
  })
  if (words.length !== summary.words)
    throw damagedFile(table, `it has ${words.length} words, expected ${summary.words}`)
  // A rarer word stands for its place's token; words of the vocabulary are not among these.
  const rare = new Map<string, number>()
  if (settings.replacementTokens !== 'none')
    await eachRow(join(directory, 'rareWords.tsv'), words.length, (word, id) => rare.set(word, id))
  const resources = await tokeniserResources(settings, tokenisation)
  return {
    words,
    counts: Uint32Array.from(counts),
    size: words.length,
    index,
    settings,
    rareWords: rare,
    resources,
    spelling,
    encode(text, further = new FurtherWords(words)) {
      const { tokens, spans } = tokenise(text, settings, resources)
      const ids: number[] = []
      const kept: number[] = []
      for (let i = 0; i < tokens.length && ids.length < settings.maxWords; i++) {
        const token = tokens[i]!
        const id = index.get(token) ?? (spelling ? further.idOf(token) : rare.get(token))
        if (id === undefined) continue
        ids.push(id)
        kept.push(spans[2 * i]!, spans[2 * i + 1]!)
      }
      return {
        ids: Int32Array.from(ids),
        spans: Uint32Array.from(kept),
        words: tokens.length,
        ...(spelling ? { spell: further.spell } : {}),
      }
    },
  }
}

/**
 * Visits the rows of a table below its header by their first two fields, a text and a whole number below `limit`,
 * without an array a row. No number is 0.
 */
async function eachRow(path: string, limit: number, visit: (text: string, number: number) => void): Promise<void> {
  const table = await readText(path)
  if (!table.endsWith('\n')) throw damagedFile(path, 'its last line is cut off')
  for (let start = table.indexOf('\n') + 1; start < table.length;) {
    const end = table.indexOf('\n', start)
    const tab = table.indexOf('\t', start)
    const next = table.indexOf('\t', tab + 1)
    const number = Number(table.slice(tab + 1, next >= 0 && next < end ? next : end))
    if (tab < 0 || tab > end || !(number >= 0 && number < limit) || !Number.isInteger(number)) {
      throw damagedFile(
        path,
        `its row "${table.slice(start, Math.min(end, start + 60))}" is not a text and a whole number below ${limit}`,
      )
    }
    visit(table.slice(start, tab), number)
    start = end + 1
  }
}

/**
 * The documents of a corpus as word ids below `words`: document i is ids[offsets[i]..offsets[i + 1]].
 * @param documents of the corpus
 * @throws EngineError 'file/damaged'
 */
export async function loadEncodedDocuments(
  directory: string,
  documents: number,
): Promise<{ words: number; ids: Int32Array; offsets: Float64Array }> {
  const { words, keptTokens } = (await readVocabularyFile(directory)).summary
  const [tokensPath, offsetsPath] = [join(directory, 'tokens.npy'), join(directory, 'offsets.npy')]
  const { values: ids } = await readArray(tokensPath, Int32Array, [keptTokens])
  requireBelow(tokensPath, ids, words)
  const { values: offsets } = await readArray(offsetsPath, Float64Array, [documents + 1])
  for (let i = 0; i <= documents; i++) {
    const isNext = Number.isInteger(offsets[i]) && offsets[i]! >= (i === 0 ? 0 : offsets[i - 1]!)
    if (!isNext || offsets[i]! > (i === 0 ? 0 : keptTokens))
      throw damagedFile(offsetsPath, `offset ${i} is ${offsets[i]}, expected them to ascend from 0 to ${keptTokens}`)
  }
  if (offsets[documents] !== keptTokens)
    throw damagedFile(offsetsPath, `it ends at ${offsets[documents]}, expected ${keptTokens}`)
  return { words, ids, offsets }
}
