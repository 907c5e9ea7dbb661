import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { skipGramSettings } from '#protocol/experiment.ts'
import { quietContext, type StageContext } from '#engine/context.ts'
import { trainSkipGram } from '#engine/embeddings/skipGram.ts'
import { writeNpy } from '#engine/files/npy.ts'
import { best, interleave, worst } from './interleave.ts'
import { writePlantedCorpus } from './plantedCorpus.ts'
import type { BenchProgram } from './program.ts'
import { writeRealCorpus } from './realCorpus.ts'

/**
 * Skip-gram with 512 dimensions against gensim, and fastText as a second peer, on one text, with one and with two workers.
 * Only training is timed; words are those of the text, whatever subsampling leaves. Quality: planted neighbours, loss on
 * held-out text, and the median error of a ridge regression from mean vectors to coordinates on a real corpus.
 */

interface TrainTask {
  text: string
  vectors: string
  dimensions: number
  epochs: number
  workers: number
}
interface Trained {
  wordsPerSecond: number
}
interface Judged {
  neighbours: number
  superNeighbours: number
  heldOutLoss: number
}

const dimensions = 512
/** `full` has the vocabulary of the paper: two matrices of 470,000 x 512, 1.93 GB. */
const plans = {
  small: { words: 300_000, vocabulary: 20_000, rounds: 1, placeEpochs: 2 },
  default: { words: 3_000_000, vocabulary: 100_000, rounds: 3, placeEpochs: 20 },
  full: { words: 12_000_000, vocabulary: 470_000, rounds: 1, placeEpochs: 20 },
}

export const embeddings: BenchProgram = {
  peers: { gensim: '4.4.0', numpy: '2.3.5', scipy: '1.16.3', 'scikit-learn': '1.8.0', 'fasttext-wheel': '0.9.2' },
  ours: { train },
  async run({ size, directory, ours, peer, say }) {
    const { words, vocabulary, rounds, placeEpochs } = plans[size]
    const planted = join(directory, 'planted')
    say(`writing ${words} words`)
    await writePlantedCorpus(planted, words, vocabulary, 1)
    const task = (workers: number, name: string) => ({
      text: `${planted}.train.txt`,
      vectors: join(directory, name),
      dimensions,
      epochs: 1,
      workers,
    })
    const results = await interleave(rounds, {
      ours1: () => ours<Trained>('train', task(1, 'ours')),
      gensim1: () => peer<Trained>('gensimSkipGram', task(1, 'gensim')),
      ours2: () => ours<Trained>('train', task(2, 'ours2')),
      gensim2: () => peer<Trained>('gensimSkipGram', task(2, 'gensim2')),
      fastText2: () => peer<Trained>('fastTextSkipGram', task(2, 'fastText')),
    })
    for (const [name, measured] of Object.entries(results)) {
      say(
        `${name}: ${measured.map(({ wordsPerSecond }) => Math.round(wordsPerSecond / 1000)).join(', ')} thousand words/s`,
      )
    }
    const judge = (name: string) => peer<Judged>('judgeVectors', { planted, vectors: join(directory, name) })
    const [own, own2, theirs] = [await judge('ours'), await judge('ours2'), await judge('gensim')]
    const byPlace = await judgeByPlace()
    const seconds = (measured: Trained[]) => best(measured, ({ wordsPerSecond }) => 1 / wordsPerSecond)
    return {
      ratios: {
        wordsPerSecond1Worker: seconds(results.gensim1) / seconds(results.ours1),
        wordsPerSecond2Workers: seconds(results.gensim2) / seconds(results.ours2),
        wordsPerSecond2WorkersFastText: seconds(results.fastText2) / seconds(results.ours2),
      },
      checks: {
        neighbourQuality: [own.neighbours, theirs.neighbours],
        superNeighbourQuality: [own.superNeighbours, theirs.superNeighbours],
        neighbourQuality2Workers: [own2.neighbours, theirs.neighbours],
        heldOutLoss: [own.heldOutLoss, theirs.heldOutLoss],
        ...(byPlace && { medianErrorKm: byPlace }),
      },
      peakMemoryMiB: {
        ours: worst(results.ours2, ({ peakMemoryMiB }) => peakMemoryMiB),
        peer: worst(results.gensim2, ({ peakMemoryMiB }) => peakMemoryMiB),
      },
    }

    /** Both sides' vectors of a real corpus, judged by where a regression on them puts its held-out documents. */
    async function judgeByPlace(): Promise<[number, number] | null> {
      const corpus = join(directory, 'real')
      if (!(await writeRealCorpus(corpus))) {
        say('skipped: the real corpus is absent, so vectors are not judged by place')
        return null
      }
      const task = (name: string) => ({
        text: `${corpus}.train.txt`,
        vectors: join(directory, name),
        dimensions,
        epochs: placeEpochs,
        workers: 1,
      })
      await ours('train', task('ours'))
      await peer('gensimSkipGram', task('gensim'))
      const errorOf = async (name: string) =>
        (await peer<{ medianErrorKm: number }>('judgeByPlace', { corpus, vectors: join(directory, name) }))
          .medianErrorKm
      return [await errorOf('ours'), await errorOf('gensim')]
    }
  },
}

/** Trains on a text of one document a line and writes words, vectors and output vectors. */
async function train({ text, vectors, dimensions, epochs, workers }: TrainTask): Promise<Trained> {
  const index = new Map<string, number>()
  const ids: number[] = []
  const offsets = [0]
  for (const line of (await readFile(text, 'utf8')).trimEnd().split('\n')) {
    for (const word of line.split(' ')) {
      let id = index.get(word)
      if (id === undefined) index.set(word, (id = index.size))
      ids.push(id)
    }
    offsets.push(ids.length)
  }
  const input = {
    ids: Int32Array.from(ids),
    offsets: Float64Array.from(offsets),
    documents: Int32Array.from({ length: offsets.length - 1 }, (_, i) => i),
    vocabularySize: index.size,
  }
  const settings = skipGramSettings.parse({ method: 'skip-gram', dimensions, epochs, workers })
  // Training alone, as of gensim: from the first report, when the memory is laid out and the workers are there.
  let [started, ended] = [0, 0]
  const report: StageContext['report'] = ({ done, total }) => {
    started ||= performance.now()
    if (done === total) ended = performance.now()
  }
  const trained = await trainSkipGram(input, settings, { ...quietContext, report })
  const seconds = (ended - started) / 1000
  await writeFile(`${vectors}.words.txt`, [...index.keys()].join('\n'))
  await writeNpy(`${vectors}.input.npy`, trained.vectors.values, [index.size, dimensions])
  await writeNpy(`${vectors}.output.npy`, (await trained.outputVectors()).values, [index.size, dimensions])
  return { wordsPerSecond: (ids.length * epochs) / seconds }
}
