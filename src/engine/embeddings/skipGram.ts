import { setImmediate } from 'node:timers/promises'
import type { SkipGramSettings } from '#protocol/experiment.ts'
import type { StageContext } from '#engine/context.ts'
import { randomFrom, seededRandom } from '#engine/random.ts'
import { randomVectors } from './randomVectors.ts'
import type { SkipGramCheckpoints } from './skipGramCheckpoints.ts'
import { makeScratch, negativeSampler, trainWindow, type SkipGramState } from './skipGramKernel.ts'
import type { Matrix } from './vectors.ts'

export interface SkipGramInput {
  /** Document i is ids[offsets[i]..offsets[i + 1]]. */
  ids: Int32Array
  offsets: Float64Array | Uint32Array
  /** Documents to train on. */
  documents: Int32Array
  vocabularySize: number
}

/** The learning rate falls to this at the end of the last epoch. */
const lastRate = 1e-4
/** Words between two yields: some tens of milliseconds. */
const wordsPerTurn = 1000

/**
 * Trains skip-gram vectors with negative sampling, subsampling of frequent words and a shrinking window, as word2vec
 * has them (Mikolov et al. 2013); windows run across a whole document. One thread, so the same seed gives the same
 * bits; a checkpoint continues to them.
 * @param watch tells the time for rates and for the age of checkpoints only
 */
export async function trainSkipGram(
  { ids, offsets, documents, vocabularySize }: SkipGramInput,
  settings: SkipGramSettings,
  context: StageContext,
  checkpoints: SkipGramCheckpoints | null = null,
): Promise<{ vectors: Matrix; lossByEpoch: number[] }> {
  const { dimensions, window, negatives, epochs } = settings
  const counts = new Float64Array(vocabularySize)
  let corpusWords = 0
  for (const document of documents) {
    for (let i = offsets[document]!; i < offsets[document + 1]!; i++) counts[ids[i]!]!++
    corpusWords += offsets[document + 1]! - offsets[document]!
  }
  const keep = keepProbabilities(counts, corpusWords, settings.sample)
  const draw = negativeSampler(counts)
  const scratch = makeScratch(2 * window, negatives + 1, dimensions)
  const contextWords = new Int32Array(2 * window)
  const targets = new Int32Array(negatives + 1)

  const restored = await checkpoints?.restore()
  const state: SkipGramState = restored
    ? { dimensions, input: restored.input, output: restored.output }
    : {
        dimensions,
        input: randomVectors(vocabularySize, dimensions, settings.seed).values,
        output: new Float32Array(vocabularySize * dimensions),
      }
  const random = restored ? randomFrom(restored.random) : seededRandom(settings.seed, 4)
  const lossByEpoch = restored?.lossByEpoch ?? []
  let { epoch, position, wordsDone, loss, pairs } = restored ?? { epoch: 0, position: 0, wordsDone: 0, loss: 0, pairs: 0 }
  const total = corpusWords * epochs
  let sinceTurn = 0
  let kept = new Int32Array(1024)

  for (; epoch < epochs; epoch++) {
    for (; position < documents.length; position++) {
      if (sinceTurn >= wordsPerTurn) {
        sinceTurn = 0
        context.report({ done: wordsDone, total, unit: 'words' })
        await setImmediate()
        const save = () => checkpoints?.save({ input: state.input, output: state.output, random: random.state(), lossByEpoch, epoch, position, wordsDone, loss, pairs })
        if (context.signal.aborted) await save()
        context.signal.throwIfAborted()
        if (checkpoints?.due()) await save()
      }
      const document = documents[position]!
      const [start, end] = [offsets[document]!, offsets[document + 1]!]
      if (end - start > kept.length) kept = new Int32Array(2 * (end - start))
      let length = 0
      for (let i = start; i < end; i++) if (random.next() < keep[ids[i]!]!) kept[length++] = ids[i]!
      const rate = Math.max(lastRate, settings.learningRate * (1 - wordsDone / total))
      for (let centre = 0; centre < length; centre++) {
        const reach = 1 + random.below(window)
        let count = 0
        for (let i = Math.max(0, centre - reach); i < Math.min(length, centre + reach + 1); i++) {
          if (i !== centre) contextWords[count++] = kept[i]!
        }
        if (count === 0) continue
        targets[0] = kept[centre]!
        let targetCount = 1
        for (let n = 0; n < negatives; n++) {
          const word = draw(random)
          if (word !== kept[centre]) targets[targetCount++] = word
        }
        loss += trainWindow(state, { context: contextWords, count, targets, targetCount }, rate, scratch)
        pairs += count
      }
      wordsDone += end - start
      sinceTurn += end - start
    }
    lossByEpoch.push(pairs > 0 ? loss / pairs : 0)
    position = 0
    loss = 0
    pairs = 0
  }
  context.report({ done: total, total, unit: 'words' })
  return { vectors: { rows: vocabularySize, columns: dimensions, values: state.input }, lossByEpoch }
}

/** word2vec's subsampling: a word of relative frequency f stays with probability sqrt(t / f) + t / f. */
function keepProbabilities(counts: Float64Array, corpusWords: number, sample: number): Float64Array {
  return counts.map((count) => {
    const frequency = count / corpusWords
    return sample === 0 || count === 0 ? 1 : Math.min(1, Math.sqrt(sample / frequency) + sample / frequency)
  })
}
