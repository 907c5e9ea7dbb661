import { join } from 'node:path'
import { setImmediate } from 'node:timers/promises'
import type { PreprocessSettings } from '#protocol/experiment.ts'
import type { StageContext } from '#engine/context.ts'
import { foldCode } from '#engine/corpus/corpusFolds.ts'
import type { Corpus } from '#engine/corpus/corpusReader.ts'
import { writeFileAtomically } from '#engine/files/atomicFile.ts'
import { chooseVocabulary, dropped, firstRare, type PlacesOfRows } from './chooseVocabulary.ts'
import { countTokens, type CountedTokens } from './countTokens.ts'
import { encodeDocuments } from './encodeDocuments.ts'
import { orderWords } from './orderWords.ts'
import { placeToken, RareWords } from './replacementTokens.ts'
import type { VocabularyFile, VocabularySummary } from './vocabularyFile.ts'
import { writeTable } from './writeTable.ts'

export interface Places {
  /** Place of each training document, in row order. */
  assignments: Int32Array
  names: string[]
}

export interface VocabularyHelp {
  /** Called only where replacement tokens or the cut by information gain ratio need them. */
  places(): Promise<Places>
  /** How many threads tokenise; their number changes nothing. */
  threads?: number
}

/** What a vocabulary reads of a corpus. */
export type VocabularyCorpus = Pick<Corpus, 'count' | 'folds' | 'tokenisation' | 'texts'>

/**
 * Tokenises a corpus, chooses its vocabulary by the training fold alone and encodes every document with it.
 * Words are numbered by falling count, then by code point. Writes words.tsv, rareWords.tsv (with replacement tokens),
 * tokens.npy (ids of all documents one after the other), offsets.npy and vocabulary.json.
 */
export async function buildVocabulary(
  corpus: VocabularyCorpus,
  settings: PreprocessSettings,
  directory: string,
  { places, threads = 1 }: VocabularyHelp,
  context: StageContext,
): Promise<VocabularySummary> {
  const counted = await countTokens(corpus, settings, directory, threads, context)
  const pauseIn = (title: string) => async (document: number) => {
    await setImmediate()
    context.signal.throwIfAborted()
    context.report({ done: document, total: corpus.count, unit: 'documents', title })
  }
  let known: PlacesOfRows | null = null
  const placesOfRows = async () => (known ??= placesByRow(corpus, await places()))
  try {
    const { words, documents } = counted
    const { kept, ratios } = await chooseVocabulary(counted, settings, placesOfRows, pauseIn('Information gain ratio'))
    // Words that the ratio cut off stay frequent ones: no place stands for them.
    words.setAllCodes(dropped)
    kept.forEach((id, number) => words.setCode(id, number))
    const rare =
      settings.replacementTokens === 'none'
        ? null
        : await findRare(counted, settings, await placesOfRows(), pauseIn('Replacement tokens'))
    const rareId = rare ? rareIds(rare, corpus, settings, kept.length) : () => -1
    const { keptTokens, cutDocuments } = await encodeDocuments(
      counted,
      settings,
      directory,
      rareId,
      pauseIn('Encode documents'),
    )
    const placeTokens = Array.from(rare?.tokens ?? [], (place) => placeToken(rare!.places.names[place]!))
    await writeTable(join(directory, 'words.tsv'), 'word\tcount\tigr', wordRows(counted, kept, ratios, placeTokens))
    if (rare) await writeTable(join(directory, 'rareWords.tsv'), 'word\tid', rareRows(counted, rare, kept.length))
    const summary: VocabularySummary = {
      words: kept.length + placeTokens.length,
      tokens: documents.tokens,
      keptTokens,
      cutDocuments,
      placeTokens: placeTokens.length,
    }
    const file: VocabularyFile = { tokenisation: corpus.tokenisation, settings, summary }
    await writeFileAtomically(join(directory, 'vocabulary.json'), `${JSON.stringify(file, null, 2)}\n`)
    return summary
  } finally {
    counted.documents.close()
  }
}

function placesByRow(corpus: VocabularyCorpus, { assignments, names }: Places): PlacesOfRows {
  const of = new Int32Array(corpus.count).fill(-1)
  let next = 0
  corpus.folds.forEach((fold, row) => {
    if (fold === foldCode.train) of[row] = assignments[next++]!
  })
  return { of, names }
}

interface FoundRare {
  /** Rarer words, and what is known of each. */
  ids: Uint32Array
  seen: RareWords
  places: PlacesOfRows
  /** Places that have a token, in the order of the tokens' ids. */
  tokens: Int32Array
}

/** Looks where the words of training that are too rare for the vocabulary occur, and gives them their codes. */
async function findRare(
  { words, documents }: CountedTokens,
  settings: PreprocessSettings,
  places: PlacesOfRows,
  pause: (document: number) => Promise<void>,
): Promise<FoundRare> {
  const ids = orderWords(
    words,
    words.select((id) => words.count(id) > 0 && words.count(id) < settings.minFrequency),
  )
  ids.forEach((id, rare) => words.setCode(id, firstRare + rare))
  const seen = new RareWords(ids.length)
  const { codes } = words
  await documents.each((document, found) => {
    const place = places.of[document]!
    if (place < 0) return
    for (const id of found) {
      const code = codes[id]!
      if (code >= firstRare && code !== dropped) seen.see(code - firstRare, document, place)
    }
  }, pause)
  return { ids, seen, places, tokens: seen.places(settings.replacementTokens === 'leave-one-out') }
}

/** The id of a place's token behind the words' ids; -1 where it has none. */
const tokenIds = ({ places, tokens }: FoundRare, words: number) => {
  const ids = new Int32Array(places.names.length).fill(-1)
  tokens.forEach((place, i) => (ids[place] = words + i))
  return (place: number) => (place < 0 ? -1 : ids[place]!)
}

function rareIds(rare: FoundRare, corpus: VocabularyCorpus, { replacementTokens }: PreprocessSettings, words: number) {
  const idOf = tokenIds(rare, words)
  const { seen, places } = rare
  return replacementTokens === 'leave-one-out'
    ? (word: number, document: number) =>
        idOf(
          corpus.folds[document] === foldCode.train
            ? seen.placeWithout(word, places.of[document]!)
            : seen.placeOf(word),
        )
    : (word: number) => idOf(seen.placeOf(word))
}

function* wordRows(
  { words }: CountedTokens,
  kept: Uint32Array,
  ratios: Float64Array | null,
  placeTokens: string[],
): Generator<string> {
  for (const [number, id] of kept.entries())
    yield `${words.text(id)}\t${words.count(id)}\t${ratios ? ratios[number]!.toPrecision(8) : ''}`
  for (const token of placeTokens) yield `${token}\t\t`
}

function* rareRows({ words }: CountedTokens, rare: FoundRare, kept: number): Generator<string> {
  const idOf = tokenIds(rare, kept)
  for (const [word, id] of rare.ids.entries()) {
    const token = idOf(rare.seen.placeOf(word))
    if (token >= 0) yield `${words.text(id)}\t${token}`
  }
}
