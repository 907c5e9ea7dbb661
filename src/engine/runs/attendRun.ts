import type { LabelAttention, RunAttention } from '#protocol/runs.ts'
import { EngineError } from '#protocol/errors.ts'
import type { StageContext } from '#engine/context.ts'
import { openCorpus } from '#engine/corpus/corpusReader.ts'
import { lengthOf, type EncodedDocuments } from '#engine/corpus/vocabulary/encodedDocuments.ts'
import { loadEncodedDocuments } from '#engine/corpus/vocabulary/vocabulary.ts'
import type { LabelSet } from '#engine/labels/assembleLabelSet.ts'
import { pause } from '#engine/pause.ts'
import type { ArtefactStore } from './artefactStore.ts'
import { effectsOfWords, type LabelWords, type WordEffect } from './effectsOfWords.ts'
import { readPredictions } from './predictions.ts'
import { loadRun } from './predictText.ts'
import { spelledDocuments } from '#engine/corpus/vocabulary/spelledDocuments.ts'

/** Documents between two reports. */
const piece = 256
/** How much of a label is told. */
const [mostSpans, mostWords] = [5, 8]
/** Words of a label, by their attention, that the network is asked about: what it does not look at it owes nothing to. */
const mostAsked = 16
/** A word that fewer documents of a label have says something of them and not of the label. */
const leastDocuments = 2

/**
 * What a network attends to in the test documents of its run, relative to the uniform weight of each.
 * @param corpusId the run's corpus
 * @throws EngineError 'run/no-attention' where the model has none
 */
export async function attendRun(
  store: ArtefactStore,
  runId: string,
  corpusId: string,
  context: StageContext,
): Promise<RunAttention> {
  const { model, vocabulary, vocabularyId, labelSet } = await loadRun(store, runId)
  if (!model.attention || !vocabulary || vocabularyId === null || !labelSet)
    throw new EngineError(
      'run/no-attention',
      `The model of run ${runId} has no attention; a network with attention was expected. Choose a run of one.`,
    )
  const corpus = await openCorpus(await store.whole('corpus', corpusId))
  const directory = await store.whole('vocabulary', vocabularyId)
  const documents: EncodedDocuments = await (
    vocabulary.spelling ? spelledDocuments(directory, corpus, context) : loadEncodedDocuments(directory, corpus.count)
  ).finally(() => corpus.close())
  const { rows, predictedLabel } = await readPredictions(await store.whole('run', runId), 'test')
  const weights: Float32Array[] = []
  let wordsPerPosition = 1
  for (let at = 0; at < rows.length; at += piece) {
    const found = await model.attention(documents, rows.subarray(at, at + piece), context)
    wordsPerPosition = found.wordsPerPosition
    for (const own of found.weights) weights.push(own.map((weight) => weight * own.length))
    context.report({ done: Math.min(rows.length, at + piece), total: rows.length, unit: 'documents' })
    await pause(context)
  }
  const read: ReadDocuments = {
    documents,
    rows,
    weights,
    wordsPerPosition,
    spell: documents.spell ?? ((id) => vocabulary.words[id]!),
  }
  const offsets = new Uint32Array(rows.length + 1)
  weights.forEach((own, i) => (offsets[i + 1] = offsets[i]! + own.length))
  const flat = new Float32Array(offsets.at(-1)!)
  weights.forEach((own, i) => flat.set(own, offsets[i]))
  return {
    rows,
    offsets,
    weights: flat,
    wordsPerPosition,
    peaks: weights.map((own, i) => (own.length === 0 ? '' : wordsAt(read, i, own.indexOf(Math.max(...own))))),
    labels: await attentionOfLabels(read, predictedLabel!, labelSet, (asked) =>
      effectsOfWords(model, documents, asked, context),
    ),
  }
}

interface ReadDocuments {
  documents: EncodedDocuments
  rows: Int32Array
  /** Relative to the uniform weight, of each row. */
  weights: Float32Array[]
  wordsPerPosition: number
  spell: (id: number) => string
}

/** The ids that a position of a row covers. */
function idsAt({ documents, rows, wordsPerPosition }: ReadDocuments, i: number, position: number): Int32Array {
  const row = rows[i]!
  const from = documents.offsets[row]! + position * wordsPerPosition
  const end = documents.offsets[row]! + Math.min(lengthOf(documents, row), (position + 1) * wordsPerPosition)
  return documents.ids.subarray(from, end)
}

const wordsAt = (read: ReadDocuments, i: number, position: number) =>
  Array.from(idsAt(read, i, position), (id) => read.spell(id)).join(' ')

/**
 * Of the documents for which each label is the most probable: the positions with most attention, the words with most above the
 * uniform weight, and which of these words the label owes most to.
 */
async function attentionOfLabels(
  read: ReadDocuments,
  predicted: Int32Array,
  { labels }: LabelSet,
  effectsOf: (asked: LabelWords[]) => Promise<WordEffect[][]>,
): Promise<LabelAttention[]> {
  const members = new Map<number, number[]>()
  predicted.forEach((label, i) => members.set(label, [...(members.get(label) ?? []), i]))
  const found = [...members]
    .sort(([a], [b]) => a - b)
    .map(([label, own]) => ({ label, own, attended: attendedWords(read, own) }))
  const effects = await effectsOf(
    found.map(({ label, own, attended }) => ({
      label,
      rows: own.map((i) => read.rows[i]!),
      words: attended.map(({ id }) => id),
    })),
  )
  return found.map(({ label, own, attended }, i) => {
    const { name, city, lat, lon } = labels[label]!
    return {
      label,
      name,
      city,
      lat,
      lon,
      documents: own.length,
      spans: spansOf(read, own),
      words: attended
        .slice(0, mostWords)
        .map(({ id, weight, documents }) => ({ word: read.spell(id), weight, documents })),
      effects: effects[i]!.slice(0, mostWords).map(({ id, effect, documents }) => ({
        word: read.spell(id),
        effect,
        documents,
      })),
    }
  })
}

function spansOf(read: ReadDocuments, own: number[]): LabelAttention['spans'] {
  const positions = own.flatMap((i) => Array.from(read.weights[i]!, (weight, position) => ({ i, position, weight })))
  positions.sort((a, b) => b.weight - a.weight || a.i - b.i || a.position - b.position)
  const spans: LabelAttention['spans'] = []
  for (const { i, position, weight } of positions) {
    const words = wordsAt(read, i, position)
    if (!spans.some((span) => span.words === words)) spans.push({ words, weight, row: read.rows[i]! })
    if (spans.length === mostSpans) break
  }
  return spans
}

/** Words of documents, those with most attention above the uniform one first. */
function attendedWords(read: ReadDocuments, own: number[]): { id: number; weight: number; documents: number }[] {
  const found = new Map<number, { sum: number; count: number; excess: number; documents: Set<number> }>()
  for (const i of own)
    read.weights[i]!.forEach((weight, position) => {
      for (const id of idsAt(read, i, position)) {
        const word = found.get(id) ?? { sum: 0, count: 0, excess: 0, documents: new Set() }
        word.sum += weight
        word.count++
        word.excess += weight - 1
        word.documents.add(i)
        found.set(id, word)
      }
    })
  return [...found]
    .filter(([, { documents }]) => documents.size >= leastDocuments)
    .sort(([a, one], [b, other]) => other.excess - one.excess || a - b)
    .slice(0, mostAsked)
    .map(([id, { sum, count, documents }]) => ({ id, weight: sum / count, documents: documents.size }))
}
