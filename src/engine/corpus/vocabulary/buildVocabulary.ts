import { open } from 'node:fs/promises'
import { join } from 'node:path'
import { setImmediate } from 'node:timers/promises'
import type { PreprocessSettings } from '#protocol/experiment.ts'
import type { StageContext } from '#engine/context.ts'
import type { Corpus } from '#engine/corpus/corpusReader.ts'
import { tokenise } from '#engine/corpus/text/tokenise.ts'
import { tokeniserResources } from '#engine/corpus/text/tokeniserResources.ts'
import { writeFileAtomically } from '#engine/files/atomicFile.ts'
import { writeNpy } from '#engine/files/npy.ts'
import { byCodePoint } from './byCodePoint.ts'
import { GrowingIds } from './growingIds.ts'
import { informationGainRatio } from './informationGainRatio.ts'
import { emptyRareWords, placeOf, placeToken, placeWithout, seeRareWord } from './replacementTokens.ts'

export interface VocabularySummary {
  words: number
  /** Of all documents, before and after the vocabulary. */
  tokens: number
  keptTokens: number
  /** Documents cut at maxWords. */
  cutDocuments: number
  placeTokens: number
}

/** vocabulary.json */
export interface VocabularyFile {
  tokenisation: 'text' | 'answers'
  settings: PreprocessSettings
  summary: VocabularySummary
}

export interface Places {
  /** Place of each training document, in row order. */
  assignments: Int32Array
  names: string[]
}

/**
 * Tokenises a corpus, chooses its vocabulary by the training fold alone and encodes every document with it.
 * Words are numbered by falling count, then by code point. Writes words.tsv, rareWords.tsv (with replacement tokens),
 * tokens.npy (ids of all documents one after the other), offsets.npy and vocabulary.json.
 * @param places called only where replacement tokens or the cut by information gain ratio need them
 */
export async function buildVocabulary(
  corpus: Corpus,
  settings: PreprocessSettings,
  directory: string,
  context: StageContext,
  places: () => Promise<Places>,
): Promise<VocabularySummary> {
  const all = await countTokens(corpus, settings, context)
  const isTrain = (row: number) => corpus.folds[row] === 0
  const needsPlaces = settings.replacementTokens !== 'none' || all.frequent > settings.maxVocabulary
  const placeOfRow = needsPlaces ? placesByRow(corpus, await places()) : null

  /** New id of each interned word: its rank, or -1 where it is not kept. */
  let ranks = rankWords(all.words, all.counts, (word) => all.counts[word]! >= settings.minFrequency)
  let ratios: Float64Array | null = null
  if (placeOfRow && all.frequent > settings.maxVocabulary) {
    ratios = ratiosOf(corpus, all, placeOfRow.of, placeOfRow.names.length, settings.minFrequency)
    const order = Array.from(all.words.keys())
      .filter((word) => ranks[word]! >= 0)
      .sort((a, b) => ratios![b]! - ratios![a]! || all.counts[b]! - all.counts[a]! || byCodePoint(all.words[a]!, all.words[b]!))
    const kept = new Set(order.slice(0, settings.maxVocabulary))
    ranks = rankWords(all.words, all.counts, (word) => kept.has(word))
  }
  const wordCount = ranks.reduce((count, rank) => count + (rank >= 0 ? 1 : 0), 0)

  const rare = settings.replacementTokens === 'none' || !placeOfRow ? null : emptyRareWords(all.words.length)
  if (rare && placeOfRow) {
    await eachDocument(corpus, all, context, (row, ids) => {
      if (isTrain(row)) for (const id of new Set(ids)) if (all.counts[id]! < settings.minFrequency) seeRareWord(rare, id, placeOfRow.of[row]!)
    })
  }

  const encoded = new GrowingIds()
  const offsets = new Float64Array(corpus.count + 1)
  const tokenIds = new Map<number, number>()
  let cutDocuments = 0
  const idOf = (id: number, row: number): number => {
    const rank = ranks[id]!
    if (rank >= 0 || !rare || !placeOfRow || all.counts[id]! >= settings.minFrequency) return rank
    const place =
      settings.replacementTokens === 'leave-one-out' && isTrain(row) ? placeWithout(rare, id, placeOfRow.of[row]!) : placeOf(rare, id)
    if (place < 0) return -1
    if (!tokenIds.has(place)) tokenIds.set(place, wordCount + tokenIds.size)
    return tokenIds.get(place)!
  }
  await eachDocument(corpus, all, context, (row, ids) => {
    let length = 0
    for (const id of ids) {
      const mapped = idOf(id, row)
      if (mapped < 0) continue
      if (length === settings.maxWords) {
        cutDocuments++
        break
      }
      encoded.push(mapped)
      length++
    }
    offsets[row + 1] = offsets[row]! + length
  })

  const placeTokens = new Array<string>(tokenIds.size)
  for (const [place, id] of tokenIds) placeTokens[id - wordCount] = placeToken(placeOfRow!.names[place]!)
  const summary: VocabularySummary = {
    words: wordCount + placeTokens.length,
    tokens: all.ids.length,
    keptTokens: encoded.length,
    cutDocuments,
    placeTokens: placeTokens.length,
  }
  await writeNpy(join(directory, 'tokens.npy'), encoded.values())
  await writeNpy(join(directory, 'offsets.npy'), offsets)
  await writeWords(directory, all, ranks, placeTokens, ratios)
  if (rare) {
    const lines = Array.from(all.words.keys()).flatMap((word) => {
      const place = all.counts[word]! > 0 && all.counts[word]! < settings.minFrequency ? placeOf(rare, word) : -1
      return place >= 0 && tokenIds.has(place) ? [`${all.words[word]!}\t${tokenIds.get(place)!}`] : []
    })
    await writeFileAtomically(join(directory, 'rareWords.tsv'), ['word\tid', ...lines, ''].join('\n'))
  }
  const file: VocabularyFile = { tokenisation: corpus.tokenisation, settings, summary }
  await writeFileAtomically(join(directory, 'vocabulary.json'), `${JSON.stringify(file, null, 2)}\n`)
  return summary
}

/** All tokens of a corpus, interned: document of row r is ids[offsets[r]..offsets[r + 1]]. */
interface CountedTokens {
  words: string[]
  ids: Int32Array
  offsets: Float64Array
  /** Occurrences in training. */
  counts: Uint32Array
  /** Words that reach the minimum frequency. */
  frequent: number
}

async function countTokens(corpus: Corpus, settings: PreprocessSettings, context: StageContext): Promise<CountedTokens> {
  const resources = await tokeniserResources(settings, corpus.tokenisation)
  const index = new Map<string, number>()
  const words: string[] = []
  const ids = new GrowingIds()
  const offsets = new Float64Array(corpus.count + 1)
  for await (const { start, texts } of corpus.texts()) {
    await setImmediate()
    context.signal.throwIfAborted()
    context.report({ done: start, total: corpus.count, unit: 'documents', title: 'Tokenise' })
    texts.forEach((text, i) => {
      for (const token of tokenise(text, settings, resources).tokens) {
        let id = index.get(token)
        if (id === undefined) {
          id = words.length
          // A copy: a slice would keep the whole text alive.
          const own = Buffer.from(token).toString()
          index.set(own, id)
          words.push(own)
        }
        ids.push(id)
      }
      offsets[start + i + 1] = ids.length
    })
  }
  const counts = new Uint32Array(words.length)
  const values = ids.values()
  for (let row = 0; row < corpus.count; row++) {
    if (corpus.folds[row] === 0) for (let i = offsets[row]!; i < offsets[row + 1]!; i++) counts[values[i]!]!++
  }
  const frequent = counts.reduce((count, n) => count + (n >= settings.minFrequency ? 1 : 0), 0)
  return { words, ids: values, offsets, counts, frequent }
}

async function eachDocument(
  corpus: Corpus,
  { ids, offsets }: CountedTokens,
  context: StageContext,
  visit: (row: number, ids: Int32Array) => void,
): Promise<void> {
  for (let row = 0; row < corpus.count; row++) {
    if ((row & 2047) === 0) {
      await setImmediate()
      context.signal.throwIfAborted()
      context.report({ done: row, total: corpus.count, unit: 'documents', title: 'Encode documents' })
    }
    visit(row, ids.subarray(offsets[row]!, offsets[row + 1]!))
  }
}

function rankWords(words: string[], counts: Uint32Array, keep: (word: number) => boolean): Int32Array {
  const order = Array.from(words.keys()).filter(keep)
  order.sort((a, b) => counts[b]! - counts[a]! || byCodePoint(words[a]!, words[b]!))
  const ranks = new Int32Array(words.length).fill(-1)
  order.forEach((word, rank) => (ranks[word] = rank))
  return ranks
}

function placesByRow(corpus: Corpus, { assignments, names }: Places): { of: Int32Array; names: string[] } {
  const of = new Int32Array(corpus.count).fill(-1)
  let next = 0
  corpus.folds.forEach((fold, row) => {
    if (fold === 0) of[row] = assignments[next++]!
  })
  return { of, names }
}

/** Information gain ratio of the frequent words over the places of training documents; 0 for the others. */
function ratiosOf(corpus: Corpus, all: CountedTokens, placeOfRow: Int32Array, placeCount: number, minFrequency: number): Float64Array {
  const labelDocuments = new Float64Array(placeCount)
  const cells = new Map<number, number>()
  for (let row = 0; row < corpus.count; row++) {
    if (corpus.folds[row] !== 0) continue
    const place = placeOfRow[row]!
    labelDocuments[place]!++
    for (const word of new Set(all.ids.subarray(all.offsets[row]!, all.offsets[row + 1]!))) {
      if (all.counts[word]! < minFrequency) continue
      const key = word * placeCount + place
      cells.set(key, (cells.get(key) ?? 0) + 1)
    }
  }
  const keys = Float64Array.from(cells.keys()).sort()
  const offsets = new Float64Array(all.words.length + 1)
  for (const key of keys) offsets[Math.floor(key / placeCount) + 1]!++
  for (let word = 0; word < all.words.length; word++) offsets[word + 1]! += offsets[word]!
  return informationGainRatio({
    labelDocuments,
    offsets,
    labels: Int32Array.from(keys, (key) => key % placeCount),
    documents: Float64Array.from(keys, (key) => cells.get(key)!),
  })
}

async function writeWords(
  directory: string,
  { words, counts }: CountedTokens,
  ranks: Int32Array,
  placeTokens: string[],
  ratios: Float64Array | null,
): Promise<void> {
  const order: number[] = []
  ranks.forEach((rank, word) => {
    if (rank >= 0) order[rank] = word
  })
  const file = await open(join(directory, 'words.tsv'), 'w')
  try {
    await file.write('word\tcount\tigr\n')
    for (let start = 0; start < order.length; start += 10_000) {
      const lines = order.slice(start, start + 10_000).map((word) => `${words[word]!}\t${counts[word]!}\t${ratios ? ratios[word]!.toPrecision(8) : ''}\n`)
      await file.write(lines.join(''))
    }
    await file.write(placeTokens.map((token) => `${token}\t\t\n`).join(''))
    await file.sync()
  } finally {
    await file.close()
  }
}
