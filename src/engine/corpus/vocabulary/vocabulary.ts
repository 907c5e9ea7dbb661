import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { preprocessSettings, type PreprocessSettings } from '#protocol/experiment.ts'
import { tokenise } from '#engine/corpus/text/tokenise.ts'
import { tokeniserResources } from '#engine/corpus/text/tokeniserResources.ts'
import { readNpy } from '#engine/files/npy.ts'
import type { VocabularyFile } from './buildVocabulary.ts'

export interface EncodedText {
  ids: Int32Array
  /** Start and end of each kept word in the original text, two a word. */
  spans: Uint32Array
  /** Tokens before the vocabulary filter. */
  words: number
}

export interface Vocabulary {
  words: string[]
  /** Occurrences in training; 0 for a place token. */
  counts: Uint32Array
  size: number
  index: Map<string, number>
  settings: PreprocessSettings
  /** Encodes a text as a document outside training is encoded. */
  encode(text: string): EncodedText
}

type WrittenFile = Omit<VocabularyFile, 'settings'> & { settings: Partial<PreprocessSettings> }

export async function loadVocabulary(directory: string): Promise<Vocabulary> {
  const { tokenisation, settings: written } = JSON.parse(await readFile(join(directory, 'vocabulary.json'), 'utf8')) as WrittenFile
  // Vocabularies made before the setting was there hold words as the texts have them.
  const settings = preprocessSettings.parse({ unicode: 'none', ...written })
  const words: string[] = []
  const counts: number[] = []
  const index = new Map<string, number>()
  await eachRow(join(directory, 'words.tsv'), (word, count) => {
    index.set(word, words.length)
    words.push(word)
    counts.push(Number(count))
  })
  // A rarer word stands for its place's token; words of the vocabulary are not among these.
  const rare = new Map<string, number>()
  if (settings.replacementTokens !== 'none') await eachRow(join(directory, 'rareWords.tsv'), (word, id) => rare.set(word, Number(id)))
  const resources = await tokeniserResources(settings, tokenisation)
  return {
    words,
    counts: Uint32Array.from(counts),
    size: words.length,
    index,
    settings,
    encode(text) {
      const { tokens, spans } = tokenise(text, settings, resources)
      const ids: number[] = []
      const kept: number[] = []
      for (let i = 0; i < tokens.length && ids.length < settings.maxWords; i++) {
        const id = index.get(tokens[i]!) ?? rare.get(tokens[i]!)
        if (id === undefined) continue
        ids.push(id)
        kept.push(spans[2 * i]!, spans[2 * i + 1]!)
      }
      return { ids: Int32Array.from(ids), spans: Uint32Array.from(kept), words: tokens.length }
    },
  }
}

/** Visits the rows of a table below its header by their first two fields, without an array a row. */
async function eachRow(path: string, visit: (first: string, second: string) => void): Promise<void> {
  const text = await readFile(path, 'utf8')
  for (let start = text.indexOf('\n') + 1; start < text.length; ) {
    const end = text.indexOf('\n', start)
    const tab = text.indexOf('\t', start)
    const next = text.indexOf('\t', tab + 1)
    visit(text.slice(start, tab), text.slice(tab + 1, next >= 0 && next < end ? next : end))
    start = end + 1
  }
}

/** The documents of a corpus as word ids: document i is ids[offsets[i]..offsets[i + 1]]. */
export async function loadEncodedDocuments(directory: string): Promise<{ count: number; ids: Int32Array; offsets: Float64Array }> {
  const ids = (await readNpy(join(directory, 'tokens.npy'))).values as Int32Array
  const offsets = (await readNpy(join(directory, 'offsets.npy'))).values as Float64Array
  return { count: offsets.length - 1, ids, offsets }
}
