import type { StageContext } from '#engine/context.ts'
import type { EncodedDocuments } from '#engine/corpus/vocabulary/encodedDocuments.ts'
import { logOdds } from '#engine/models/learning/occlusion.ts'
import type { TrainedModel } from '#engine/models/method.ts'
import { pause } from '#engine/pause.ts'

/** Words that a model is asked about, in documents that it puts in one label. */
export interface LabelWords {
  label: number
  /** Documents' numbers. */
  rows: number[]
  /** Ids. */
  words: number[]
}

export interface WordEffect {
  id: number
  /** Mean over documents of what the label's log-odds lose without the word. */
  effect: number
  documents: number
}

/** Of each label, spread evenly over its documents; fewer where there are many labels, of which all together ask for the answers. */
const [mostDocuments, leastDocuments] = [8, 2]
const mostAnswers = 20_000

/**
 * What each label owes to words, by occlusion of all occurrences of a word in a document: greatest effect first, of words that speak for
 * the label. Nothing where the model has no labels' probabilities.
 */
export async function effectsOfWords(
  model: Pick<TrainedModel, 'predict'>,
  documents: EncodedDocuments,
  asked: LabelWords[],
  context: Pick<StageContext, 'signal' | 'report'>,
): Promise<WordEffect[][]> {
  const words = asked.reduce((sum, label) => sum + label.words.length, 0)
  const each = Math.min(mostDocuments, Math.max(leastDocuments, Math.floor(mostAnswers / Math.max(1, words))))
  const effects: WordEffect[][] = []
  let done = 0
  for (const label of asked) {
    effects.push(await effectsOf(model, documents, { ...label, rows: evenly(label.rows, each) }, context))
    done += label.words.length
    context.report({ done, total: words, unit: 'words', title: 'Leave words out of documents' })
    await pause(context)
  }
  return effects
}

/** At most so many of them, the first and the last among them. */
const evenly = <T>(all: T[], most: number): T[] =>
  all.length <= most
    ? all
    : Array.from({ length: most }, (_, i) => all[Math.round((i * (all.length - 1)) / (most - 1))]!)

async function effectsOf(
  model: Pick<TrainedModel, 'predict'>,
  { ids, offsets, spell }: EncodedDocuments,
  { label, rows, words }: LabelWords,
  context: Pick<StageContext, 'signal'>,
): Promise<WordEffect[]> {
  const texts: Int32Array[] = []
  const pairs: { id: number; whole: number; without: number }[] = []
  for (const row of rows) {
    const text = ids.subarray(offsets[row], offsets[row + 1])
    const whole = texts.push(text) - 1
    for (const id of words)
      if (text.includes(id)) pairs.push({ id, whole, without: texts.push(text.filter((other) => other !== id)) - 1 })
  }
  if (pairs.length === 0) return []
  const chosen = Int32Array.from(texts, (_, i) => i)
  const { posterior } = await model.predict({ input: 'words', words: { ...joined(texts), spell } }, chosen, context)
  if (!posterior) return []
  const oddsOf = (text: number) => logOdds(posterior.logProbabilities[text * posterior.labelCount + label]!)
  return words
    .map((id) => {
      const lost = pairs.filter((pair) => pair.id === id).map(({ whole, without }) => oddsOf(whole) - oddsOf(without))
      return { id, effect: lost.reduce((a, b) => a + b, 0) / lost.length, documents: lost.length }
    })
    .filter(({ effect, documents }) => effect > 0 && documents >= leastDocuments)
    .sort((a, b) => b.effect - a.effect || a.id - b.id)
}

function joined(texts: Int32Array[]): EncodedDocuments {
  const offsets = new Float64Array(texts.length + 1)
  texts.forEach((text, i) => (offsets[i + 1] = offsets[i]! + text.length))
  const ids = new Int32Array(offsets.at(-1)!)
  texts.forEach((text, i) => ids.set(text, offsets[i]))
  return { ids, offsets }
}
