import { Worker } from 'node:worker_threads'
import { setTimeout as delay } from 'node:timers/promises'
import type { SkipGramSettings } from '#protocol/experiment.ts'
import type { StageContext } from '#engine/context.ts'
import { seededRandom } from '#engine/random.ts'
import { prepareSkipGram, type SkipGramInput, type SkipGramTraining } from './prepareSkipGram.ts'
import type { SkipGramCheckpoints } from './skipGramCheckpoints.ts'
import { loadSkipGramKernel, skipGramWorkerProgram } from './skipGramKernel.ts'
import type { Matrix } from './vectors.ts'

export type { SkipGramInput } from './prepareSkipGram.ts'

export interface TrainedSkipGram {
  vectors: Matrix
  /** The vectors of words as centres: what the loss is measured with, of no use afterwards. */
  outputVectors(): Promise<Matrix>
  /** Mean loss a pair of context word and centre, estimated on every 64th window. */
  lossByEpoch: number[]
}

const reportEveryMs = 100

/**
 * Trains skip-gram vectors with negative sampling, subsampling of frequent words and a shrinking window, as word2vec
 * has them (Mikolov et al. 2013), the negatives of a window shared by its context words (Ji et al. 2016); windows run
 * across a whole document. One worker gives the same bits for the same seed, and a checkpoint continues to them; several
 * write into the same vectors without locks (Hogwild, Niu et al. 2011): faster, equal in quality, never twice the same.
 * @throws {EngineError} embeddings/too-large
 */
export async function trainSkipGram(
  input: SkipGramInput,
  settings: SkipGramSettings,
  context: StageContext,
  checkpoints: SkipGramCheckpoints | null = null,
): Promise<TrainedSkipGram> {
  const training = await prepareSkipGram(input, settings, context)
  const { memory } = training
  memory.workers.forEach(({ random }, worker) => random.set(seededRandom(settings.seed, 1000 + worker).state()))
  await checkpoints?.restore(memory, context.note)
  const workers = await startWorkers(training)
  const total = training.corpusWords * settings.epochs
  const done = () => memory.workers.reduce((sum, worker) => sum + Number(Atomics.load(worker.done, 0)), 0)
  const recentLoss = lossMeter(training)
  context.report({ done: done(), total, unit: 'words' })
  try {
    for (let finished = false; !finished;) {
      Atomics.store(memory.stop, 0, 0)
      const stopped = Promise.all(workers.map(({ run }) => run())).then(() => true)
      while (!(await Promise.race([stopped, delay(reportEveryMs, false)]))) {
        context.report({ done: done(), total, unit: 'words', loss: recentLoss() })
        if (context.signal.aborted || checkpoints?.due()) break
      }
      Atomics.store(memory.stop, 0, 1)
      await stopped
      finished = done() === total
      if (!finished) await checkpoints?.save(memory)
      context.signal.throwIfAborted()
    }
  } finally {
    await Promise.all(workers.map(({ thread }) => thread.terminate()))
  }
  context.report({ done: total, total, unit: 'words' })
  return {
    vectors: await training.inputVectors(),
    outputVectors: training.outputVectors,
    lossByEpoch: lossByEpoch(training, settings.epochs),
  }
}

async function startWorkers({ memory }: SkipGramTraining) {
  const module = await loadSkipGramKernel()
  return memory.workers.map(({ block, losses }) => {
    const addresses = [memory.settings, block, losses.byteOffset]
    const thread = new Worker(skipGramWorkerProgram, {
      eval: true,
      workerData: { module, memory: memory.memory, addresses },
    })
    thread.setMaxListeners(0)
    return {
      thread,
      run: () =>
        new Promise<void>((resolve, reject) => {
          thread.once('message', () => resolve()).once('error', reject)
          thread.postMessage('run')
        }),
    }
  })
}

/** Mean loss a pair of what was trained since about the last call but twenty; null before anything was. */
function lossMeter({ memory }: SkipGramTraining): () => number | null {
  const seen: [loss: number, pairs: number][] = [[0, 0]]
  return () => {
    const sum = (from: number) =>
      memory.workers.reduce(
        (total, { losses }) => total + losses.reduce((own, value, i) => own + (i % 2 === from ? value : 0), 0),
        0,
      )
    seen.push([sum(0), sum(1)])
    if (seen.length > 20) seen.shift()
    const [first, last] = [seen[0]!, seen.at(-1)!]
    return last[1] > first[1] ? (last[0] - first[0]) / (last[1] - first[1]) : null
  }
}

function lossByEpoch({ memory }: SkipGramTraining, epochs: number): number[] {
  return Array.from({ length: epochs }, (_, epoch) => {
    const sum = (at: number) => memory.workers.reduce((total, { losses }) => total + losses[2 * epoch + at]!, 0)
    return sum(1) > 0 ? sum(0) / sum(1) : 0
  })
}
