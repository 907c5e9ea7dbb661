import { join } from 'node:path'
import { loadTensorFlow } from '#engine/compute/tensorflow.ts'
import { quietContext } from '#engine/context.ts'
import { readNpy, writeNpy } from '#engine/files/npy.ts'
import { listParameters } from '#engine/models/attentionCnn/parameters.ts'
import { predictDocuments } from '#engine/models/attentionCnn/predict.ts'
import { best, interleave, worst } from './interleave.ts'
import type { BenchProgram } from './program.ts'
import { loadTrainingInput, makeTrainingInput, networkSettings, readStart, type CorpusPlan } from './trainingInput.ts'

/**
 * Prediction with attention weights returned against the same network in Python TensorFlow, which pads to the paper's
 * length: documents a second over a whole corpus, the same log-probabilities on both sides.
 */

interface PredictTask {
  folder: string
  out: string
}
interface Predicted {
  documentsPerSecond: number
}

const plans = {
  small: { authors: 400, rounds: 1 },
  default: { authors: 2000, rounds: 3 },
  full: { authors: 10_000, rounds: 1 },
}
const lengths = { us: 800, world: 400 }
const batch = 64

export const predict: BenchProgram = {
  peers: { 'tensorflow-cpu': '2.21.0' },
  ours: { corpusInput, predictAll },
  async run({ size, directory, ours, peer, say }) {
    const { authors, rounds } = plans[size]
    const corpora = { us: await corpus('us'), world: await corpus('world') }
    return {
      ratios: { documentsPerSecond: corpora.us.ratio, documentsPerSecondWorldLike: corpora.world.ratio },
      checks: { largestDifference: Math.max(corpora.us.difference, corpora.world.difference) },
      peakMemoryMiB: {
        ours: Math.max(corpora.us.memory[0], corpora.world.memory[0]),
        peer: Math.max(corpora.us.memory[1], corpora.world.memory[1]),
      },
    }

    async function corpus(form: CorpusPlan['form']) {
      const folder = join(directory, form)
      await ours('corpusInput', { folder, form, authors, maxWords: lengths[form] })
      const out = (side: string) => join(folder, `${side}.npy`)
      const runs = await interleave(rounds, {
        ours: () => ours<Predicted>('predictAll', { folder, out: out('ours') }),
        peer: () =>
          peer<Predicted>('attentionCnnPredict', {
            folder: join(folder, 'peer'),
            out: out('peer'),
            length: lengths[form],
            batch,
          }),
      })
      for (const [name, side] of Object.entries(runs)) {
        say(
          `${form}, ${name}: ${side.map(({ documentsPerSecond }) => documentsPerSecond.toFixed(0)).join(', ')} documents/s`,
        )
      }
      const seconds = (side: Predicted[]) => best(side, ({ documentsPerSecond }) => 1 / documentsPerSecond)
      const [own, theirs] = [await readLogs(out('ours')), await readLogs(out('peer'))]
      if (own.length !== theirs.length)
        throw new Error(`Ours gave ${own.length} log-probabilities, the peer ${theirs.length}.`)
      return {
        ratio: seconds(runs.peer) / seconds(runs.ours),
        difference: own.reduce((most, value, i) => Math.max(most, Math.abs(value - theirs[i]!)), 0),
        memory: [
          worst(runs.ours, ({ peakMemoryMiB }) => peakMemoryMiB),
          worst(runs.peer, ({ peakMemoryMiB }) => peakMemoryMiB),
        ] as const,
      }
    }
  },
}

const readLogs = async (file: string) => (await readNpy(file)).values as Float32Array

async function corpusInput({ folder, ...plan }: CorpusPlan & { folder: string }): Promise<object> {
  await makeTrainingInput(folder, plan)
  return {}
}

async function predictAll({ folder, out }: PredictTask): Promise<Predicted> {
  const { tf } = await loadTensorFlow()
  const { documents, labels, vectors } = await loadTrainingInput(folder)
  const { start, labelCount } = await readStart(join(folder, 'peer'))
  const settings = networkSettings()
  const network = {
    settings,
    parameters: listParameters(settings, { dimensions: vectors.columns, labelCount }),
    values: start,
    vectors,
  }
  const all = Int32Array.from(labels!.of.keys())
  await predictDocuments(tf, network, documents, all.subarray(0, batch), quietContext)
  const started = performance.now()
  const { posterior } = await predictDocuments(tf, network, documents, all, quietContext)
  const seconds = (performance.now() - started) / 1000
  await writeNpy(out, posterior!.logProbabilities, [all.length, labelCount])
  return { documentsPerSecond: all.length / seconds }
}
