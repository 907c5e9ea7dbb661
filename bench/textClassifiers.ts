import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { naiveBayesSettings } from '#protocol/models/naiveBayes.ts'
import { ngramSoftmaxSettings } from '#protocol/models/ngramSoftmax.ts'
import { quietContext } from '#engine/context.ts'
import { readNpy, writeNpy } from '#engine/files/npy.ts'
import type { Posterior } from '#engine/models/learning/posterior.ts'
import type { ModelDocuments } from '#engine/models/method.ts'
import { bayesScorer, fitBayes } from '#engine/models/naiveBayes/bayesWeights.ts'
import { inOrderOfLabels } from '#engine/models/naiveBayes/wordLabelCounts.ts'
import { readProblem, solve } from '#engine/models/ngramSoftmax/fitModel.ts'
import { posteriorOf } from '#engine/models/ngramSoftmax/linearModel.ts'
import { seededRandom } from '#engine/random.ts'
import { best, interleave, worst } from './interleave.ts'
import type { Bench, BenchFigures, Measured } from './program.ts'
import { zipfRanks } from './zipf.ts'

/**
 * Classifiers of documents against scikit-learn, one thread each: Naive Bayes on the same counts, fitting and predicting; words
 * and characters with gradient descent on the same texts, reading them included, as many epochs. One document in ten is held out.
 */

interface Corpus {
  /** A text a line. */
  texts: string
  /** Counts as rows: of each document its distinct words, ascending, and how often each stands in it. */
  starts: string
  columns: string
  counts: string
  labels: string
  words: number
  labelCount: number
}
interface Classified {
  fitSeconds: number
  predictSeconds: number
  /** Of held-out documents; 32-bit integers. */
  predictions: string
  accuracy: number
}
interface Shape {
  documents: number
  words: number
  labelCount: number
}

const epochs = 5
const heldOutOneIn = 10
const meanLength = 30
const countedTimes = 8

export const textClassifierSides = { drawTexts, naiveBayes, ngramSoftmax }

/** Runs both, and says the ratios of their times and whether they predict alike. */
export async function textClassifiers(
  { directory, ours, peer, say }: Pick<Bench, 'directory' | 'ours' | 'peer' | 'say'>,
  shape: Shape,
  rounds: number,
): Promise<Pick<BenchFigures, 'ratios' | 'checks'>> {
  const npy = (name: string) => join(directory, `${name}.npy`)
  const drawn = async (name: string, documents: number): Promise<Corpus> => {
    const files = { texts: join(directory, `${name}.txt`), starts: npy(`${name}-starts`) }
    const arrays = { columns: npy(`${name}-columns`), counts: npy(`${name}-counts`), labels: npy(`${name}-labels`) }
    const corpus = { ...files, ...arrays, ...shape }
    await ours('drawTexts', { ...corpus, documents })
    return corpus
  }
  // Counting takes so little that more of it is needed to be measured.
  const [many, texts] = [await drawn('many', countedTimes * shape.documents), await drawn('texts', shape.documents)]
  const task = (corpus: Corpus, side: string) => ({
    ...{ ...corpus, epochs, heldOutOneIn },
    predictions: npy(`predictions-${side}`),
  })
  const results = await interleave(rounds, {
    naiveBayes: () => ours<Classified>('naiveBayes', task(many, 'naiveBayes')),
    sklearnNaiveBayes: () => peer<Classified>('naiveBayesSklearn', task(many, 'sklearnNaiveBayes')),
    ngramSoftmax: () => ours<Classified>('ngramSoftmax', task(texts, 'ngramSoftmax')),
    sklearnNgrams: () => peer<Classified>('ngramsSklearn', task(texts, 'sklearnNgrams')),
  })
  for (const [name, measured] of Object.entries(results))
    say(
      `${name}: ${measured.map(({ fitSeconds, predictSeconds }) => `${fitSeconds.toFixed(2)} + ${predictSeconds.toFixed(2)}`).join(', ')} s, ${peakMiB(measured)} MiB`,
    )
  const { naiveBayes, sklearnNaiveBayes, ngramSoftmax, sklearnNgrams } = results
  return {
    ratios: {
      naiveBayes: seconds(sklearnNaiveBayes) / seconds(naiveBayes),
      ngramSoftmax: seconds(sklearnNgrams) / seconds(ngramSoftmax),
    },
    checks: {
      naiveBayesAlike: await shareAlike(naiveBayes[0]!, sklearnNaiveBayes[0]!),
      naiveBayesMiB: [peakMiB(naiveBayes), peakMiB(sklearnNaiveBayes)],
      ngramAccuracy: [ngramSoftmax[0]!.accuracy, sklearnNgrams[0]!.accuracy],
      ngramMiB: [peakMiB(ngramSoftmax), peakMiB(sklearnNgrams)],
    },
  }
}

const peakMiB = (measured: Measured<Classified>[]) => worst(measured, ({ peakMemoryMiB }) => peakMemoryMiB)
const seconds = (measured: Classified[]) =>
  best(measured, ({ fitSeconds, predictSeconds }) => fitSeconds + predictSeconds)

async function shareAlike(a: Classified, b: Classified): Promise<number> {
  const [ours, theirs] = await Promise.all([a, b].map(async ({ predictions }) => (await readNpy(predictions)).values))
  const alike = (ours as Int32Array).reduce((count, label, i) => count + (label === Number(theirs![i]) ? 1 : 0), 0)
  return alike / ours!.length
}

/** Words by Zipf's law, of which every tenth is at home at the document's label; each has letters of its own. */
async function drawTexts({ documents, words, labelCount, ...to }: Corpus & Shape): Promise<object> {
  const random = seededRandom(1)
  const zipf = zipfRanks(words)
  const wordOf = (id: number) => {
    // Like roots share letters: the last digit changes fastest.
    let word = ''
    for (let rest = id * 17 + 29; rest > 0; rest = Math.floor(rest / 26)) word += String.fromCharCode(97 + (rest % 26))
    return word
  }
  const labels = new Int32Array(documents)
  const starts = new Float64Array(documents + 1)
  const [columns, counts, texts]: [number[], number[], string[]] = [[], [], []]
  for (let document = 0; document < documents; document++) {
    const label = random.below(labelCount)
    labels[document] = label
    const ids = Array.from({ length: 1 + random.below(2 * meanLength) }, () =>
      random.next() < 0.1 ? (label * 7919 + random.below(200)) % words : zipf(random),
    )
    texts.push(ids.map(wordOf).join(' '))
    const times = new Map<number, number>()
    for (const id of ids) times.set(id, (times.get(id) ?? 0) + 1)
    for (const id of [...times.keys()].sort((a, b) => a - b)) {
      columns.push(id)
      counts.push(times.get(id)!)
    }
    starts[document + 1] = columns.length
  }
  await writeFile(to.texts, `${texts.join('\n')}\n`)
  await writeNpy(to.labels, labels)
  await writeNpy(to.starts, starts)
  await writeNpy(to.columns, Int32Array.from(columns))
  await writeNpy(to.counts, Int32Array.from(counts))
  return {}
}

type Task = Corpus & { epochs: number; heldOutOneIn: number; predictions: string }

async function naiveBayes(task: Task): Promise<Classified> {
  const { words: vocabularySize, labelCount } = task
  const rowStarts = (await readNpy(task.starts)).values as Float64Array
  const columns = (await readNpy(task.columns)).values as Int32Array
  const counts = (await readNpy(task.counts)).values as Int32Array
  const labelOf = (await readNpy(task.labels)).values as Int32Array
  // The engine reads words one after another.
  const ids = new Int32Array(counts.reduce((sum, count) => sum + count, 0))
  const offsets = new Float64Array(labelOf.length + 1)
  let at = 0
  for (let document = 0; document < labelOf.length; document++) {
    for (let i = rowStarts[document]!; i < rowStarts[document + 1]!; i++)
      for (let times = counts[i]!; times > 0; times--) ids[at++] = columns[i]!
    offsets[document + 1] = at
  }
  const documents = { ids, offsets }
  const { train, heldOut } = parted(labelOf.length)
  const settings = naiveBayesSettings.parse({ method: 'naive-bayes', keepByIgr: 1, smoothing: 0.01 })
  const started = performance.now()
  const labelled = inOrderOfLabels(train, { documents, labelOf, vocabularySize, labelCount })
  const scorer = bayesScorer(await fitBayes(settings, labelled, quietContext))
  const fitted = performance.now()
  const posterior = await scorer.posterior(documents, heldOut, quietContext)
  return classified(task, [started, fitted], posterior, heldOut, labelOf)
}

async function ngramSoftmax(task: Task): Promise<Classified> {
  const bytes = await readFile(task.texts)
  const of = (await readNpy(task.labels)).values as Int32Array
  const documents: ModelDocuments = { input: 'text', texts: () => linesOf(bytes) }
  const { train, heldOut } = parted(of.length)
  const settings = ngramSoftmaxSettings.parse({
    ...{ method: 'ngram-softmax', targets: 'hard', epochs: task.epochs },
    ...{ optimiser: 'sgd', featureDropout: 0 },
  })
  const centres = { lat: new Float64Array(task.labelCount), lon: new Float64Array(task.labelCount) }
  const points = { lat: new Float64Array(of.length), lon: new Float64Array(of.length) }
  const data = { documents, tokenisation: 'text', vocabularySize: 0, dev: heldOut, points, vectors: null } as const
  const started = performance.now()
  const problem = await readProblem(settings, { ...data, labels: { of, centres } }, train, quietContext)
  const model = await solve(problem, settings, 'sgd', 1, quietContext)
  const fitted = performance.now()
  const posterior = await posteriorOf(model, problem.vectoriser, documents, heldOut, quietContext)
  return classified(task, [started, fitted], posterior, heldOut, of)
}

/** In one piece, as a corpus's reader gives many. */
async function* linesOf(bytes: Buffer): AsyncGenerator<Uint8Array[]> {
  const lines: Uint8Array[] = []
  for (let start = 0; start < bytes.length;) {
    const end = bytes.indexOf(0x0a, start)
    lines.push(bytes.subarray(start, end))
    start = end + 1
  }
  yield await Promise.resolve(lines)
}

function parted(documents: number): { train: Int32Array; heldOut: Int32Array } {
  const all = Int32Array.from({ length: documents }, (_, document) => document)
  return {
    train: all.filter((document) => document % heldOutOneIn !== 0),
    heldOut: all.filter((document) => document % heldOutOneIn === 0),
  }
}

async function classified(
  { predictions }: Task,
  [started, fitted]: [number, number],
  { labelCount, logProbabilities }: Posterior,
  heldOut: Int32Array,
  labelOf: Int32Array,
): Promise<Classified> {
  const predictSeconds = (performance.now() - fitted) / 1000
  const guesses = Int32Array.from(heldOut, (_, row) => {
    const scores = logProbabilities.subarray(row * labelCount, (row + 1) * labelCount)
    return scores.indexOf(Math.max(...scores))
  })
  await writeNpy(predictions, guesses)
  const right = guesses.reduce((count, label, row) => count + (label === labelOf[heldOut[row]!] ? 1 : 0), 0)
  return { fitSeconds: (fitted - started) / 1000, predictSeconds, predictions, accuracy: right / heldOut.length }
}
