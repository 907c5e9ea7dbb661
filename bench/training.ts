import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import type { AttentionCnnSettings } from '#protocol/models/attentionCnn.ts'
import type { TargetSettings } from '#protocol/models/description.ts'
import { loadTensorFlow } from '#engine/compute/tensorflow.ts'
import { quietContext } from '#engine/context.ts'
import { readNpy, writeNpy } from '#engine/files/npy.ts'
import type { Points } from '#engine/geo/points.ts'
import { layOutBatch } from '#engine/models/attentionCnn/batches.ts'
import { listParameters } from '#engine/models/attentionCnn/parameters.ts'
import { trainNetwork } from '#engine/models/attentionCnn/trainNetwork.ts'
import { inMemoryCheckpoints } from '#engine/models/attentionCnn/testing/inMemoryCheckpoints.ts'
import { trainingStep, type StepState } from '#engine/models/attentionCnn/trainingStep.ts'
import { trainableVectors } from '#engine/models/attentionCnn/wordVectors.ts'
import { targetRows, targetsOf } from '#engine/models/learning/targets.ts'
import { seededRandom } from '#engine/random.ts'
import { best, interleave, worst } from './interleave.ts'
import type { BenchProgram } from './program.ts'
import {
  loadTrainingInput,
  makeTrainingInput,
  networkSettings,
  readStart,
  writeStart,
  type CorpusPlan,
} from './trainingInput.ts'
import { zipfRanks } from './zipf.ts'

/**
 * Training of the multi-task network with two optimisers against the same network in Python TensorFlow with `tf.function`,
 * which pads every document to the paper's length. `paddedStep`: one step on the same full batches. `corpusUsLike` and
 * `corpusWorldLike`: time to the same development loss from the same start on the same corpus. `softTargetsOverHard`: steps a
 * second with soft targets, which are made for each batch, over those with hard ones.
 */

interface StepTask {
  folder: string
  length: number
  batch: number
  warmUp: number
  steps: number
  dropout: boolean
  fineTune?: boolean
  targets?: TargetSettings
}
interface Stepped {
  secondsPerStep: number
  losses: [number, number]
  tensorsKept?: number
}
interface EpochsTask {
  folder: string
  epochs: number
  batch: number
}
interface Trained {
  epochs: { seconds: number; devLoss: number }[]
}

const [batch, length, dimensions] = [32, 400, 512]
const plans = {
  small: { authors: 300, epochs: 2, rounds: 1, steps: 3, vocabulary: 20_000, labels: 256 },
  default: { authors: 2000, epochs: 4, rounds: 2, steps: 8, vocabulary: 100_000, labels: 256 },
  /** Vocabulary and labels of TWITTER-WORLD. */
  full: { authors: 10_000, epochs: 4, rounds: 1, steps: 20, vocabulary: 470_000, labels: 2975 },
}
const lengths = { us: 800, world: 400 }

export const training: BenchProgram = {
  peers: { 'tensorflow-cpu': '2.21.0' },
  ours: { corpusInput, stepInput, steps, epochs },
  async run({ size, directory, ours, peer, say }) {
    const plan = plans[size]
    const folder = join(directory, 'steps')
    await ours('stepInput', { folder, ...plan })
    const task = { folder, length, batch, warmUp: 2, steps: plan.steps, dropout: true }
    const stepped = await interleave(plan.rounds + 1, {
      ours: () => ours<Stepped>('steps', task),
      fineTuned: () => ours<Stepped>('steps', { ...task, fineTune: true }),
      soft: () => ours<Stepped>('steps', { ...task, targets: { smoothingKm: 100 } }),
      peer: () => peer<Stepped>('attentionCnnSteps', { ...task, xla: false }),
      peerXla: () => peer<Stepped>('attentionCnnSteps', { ...task, xla: true }),
    })
    for (const [name, runs] of Object.entries(stepped))
      say(`${name}: ${runs.map(({ secondsPerStep }) => secondsPerStep.toFixed(3)).join(', ')} s a step`)
    const seconds = (runs: Stepped[]) => best(runs, ({ secondsPerStep }) => secondsPerStep)
    // Without dropout, whose masks differ, both sides must lose alike.
    const exact = { ...task, warmUp: 0, steps: 4, dropout: false }
    const [own, theirs] = [
      await ours<Stepped>('steps', exact),
      await peer<Stepped>('attentionCnnSteps', { ...exact, xla: false }),
    ]
    const corpora = { us: await corpus('us'), world: await corpus('world') }
    return {
      ratios: {
        paddedStep: Math.min(seconds(stepped.peer), seconds(stepped.peerXla)) / seconds(stepped.ours),
        corpusUsLike: corpora.us.ratio,
        corpusWorldLike: corpora.world.ratio,
        softTargetsOverHard: seconds(stepped.ours) / seconds(stepped.soft),
      },
      checks: {
        labelLossAfter4Steps: [own.losses[0], theirs.losses[0]],
        coordinateLossAfter4Steps: [own.losses[1], theirs.losses[1]],
        devLossUsLike: corpora.us.devLoss,
        devLossWorldLike: corpora.world.devLoss,
        fineTunedOverFrozen: seconds(stepped.fineTuned) / seconds(stepped.ours),
        tensorsKept: Math.max(...stepped.ours.map(({ tensorsKept }) => tensorsKept!)),
      },
      peakMemoryMiB: {
        ours: worst([...stepped.ours, ...stepped.fineTuned], ({ peakMemoryMiB }) => peakMemoryMiB),
        peer: worst(stepped.peer, ({ peakMemoryMiB }) => peakMemoryMiB),
      },
    }

    async function corpus(form: CorpusPlan['form']): Promise<{ ratio: number; devLoss: [number, number] }> {
      const folder = join(directory, form)
      await ours('corpusInput', { folder, form, authors: plan.authors, maxWords: lengths[form] })
      const task = { folder, batch, epochs: plan.epochs }
      const runs = await interleave(plan.rounds, {
        ours: () => ours<Trained>('epochs', task),
        peer: () =>
          peer<Trained>('attentionCnnEpochs', { ...task, folder: join(folder, 'peer'), length: lengths[form] }),
      })
      const last = (side: Trained[]) => Math.max(...side.map(({ epochs }) => epochs.at(-1)!.devLoss))
      const target = Math.max(last(runs.ours), last(runs.peer))
      const secondsTo = (side: Trained[]) => best(side, ({ epochs }) => secondsUntil(epochs, target))
      say(
        `${form}: to development loss ${target.toFixed(3)} ours ${secondsTo(runs.ours).toFixed(1)} s, peer ${secondsTo(runs.peer).toFixed(1)} s`,
      )
      return { ratio: secondsTo(runs.peer) / secondsTo(runs.ours), devLoss: [last(runs.ours), last(runs.peer)] }
    }
  },
}

/** When a falling loss passed a target, linearly between epochs. */
function secondsUntil(epochs: Trained['epochs'], target: number): number {
  const at = epochs.findIndex(({ devLoss }) => devLoss <= target)
  const after = epochs[at]!
  const before = epochs[at - 1]
  if (!before) return after.seconds
  return (
    before.seconds + ((after.seconds - before.seconds) * (before.devLoss - target)) / (before.devLoss - after.devLoss)
  )
}

async function corpusInput({ folder, ...plan }: CorpusPlan & { folder: string }): Promise<object> {
  await makeTrainingInput(folder, plan)
  return {}
}

/** Four full batches of documents in words by Zipf's law, with labels and coordinates by chance. */
async function stepInput({
  folder,
  vocabulary,
  labels,
}: {
  folder: string
  vocabulary: number
  labels: number
}): Promise<object> {
  await mkdir(folder, { recursive: true })
  const random = seededRandom(1)
  const documents = 4 * batch
  const rank = zipfRanks(vocabulary)
  await writeNpy(
    join(folder, 'tokens.npy'),
    Int32Array.from({ length: documents * length }, () => rank(random)),
  )
  await writeNpy(
    join(folder, 'offsets.npy'),
    Float64Array.from({ length: documents + 1 }, (_, i) => i * length),
  )
  await writeNpy(
    join(folder, 'labels.npy'),
    Int32Array.from({ length: documents }, () => random.below(labels)),
  )
  await writeNpy(
    join(folder, 'coordinates.npy'),
    Float32Array.from({ length: 2 * documents }, () => random.next()),
    [documents, 2],
  )
  const vectors = new Float32Array(vocabulary * dimensions)
  for (let i = 0; i < vectors.length; i++) vectors[i] = 2 * Math.sqrt(3) * (random.next() - 0.5)
  await writeNpy(join(folder, 'vectors.npy'), vectors, [vocabulary, dimensions])
  await writeStart(folder, { dimensions, labelCount: labels })
  return {}
}

async function steps({
  folder,
  batch: size,
  warmUp,
  steps: count,
  dropout,
  fineTune = false,
  targets: wanted = 'hard',
}: StepTask): Promise<Stepped> {
  const { tf } = await loadTensorFlow()
  const settings = networkSettings({
    fineTune,
    ...(dropout ? {} : { dropout: 0, wordDropout: 0 }),
  } as Partial<AttentionCnnSettings>)
  const read = async (name: string) => readNpy(join(folder, `${name}.npy`))
  const documents = {
    ids: (await read('tokens')).values as Int32Array,
    offsets: (await read('offsets')).values as Float64Array,
  }
  const labels = (await read('labels')).values as Int32Array
  const coordinates = (await read('coordinates')).values as Float32Array
  const { values, shape } = await read('vectors')
  const vectors = { rows: shape[0]!, columns: shape[1]!, values: values as Float32Array }
  const { start, labelCount } = await readStart(folder)
  const parameters = listParameters(settings, { dimensions: vectors.columns, labelCount })
  const train = Int32Array.from(labels.keys())
  const targets = await targetsOf(
    wanted,
    { train, points: randomPoints(labels.length), of: labels, centres: randomPoints(labelCount) },
    quietContext,
  )
  let state: StepState = {
    vector: { values: tf.tensor1d(start), first: tf.zeros([start.length]), second: tf.zeros([start.length]) },
    vectors: trainableVectors(vectors, fineTune),
    step: 0,
    losses: tf.tensor1d([0, 0]),
  }
  const multiple = settings.pools[0] * settings.pools[1]
  let fastest = Infinity
  let [before, tensors] = [[0, 0], 0]
  for (let step = 0; step < warmUp + count; step++) {
    if (step === warmUp) tensors = tf.memory().numTensors
    before = Array.from(state.losses.dataSync())
    const started = performance.now()
    const rows = Int32Array.from({ length: size }, (_, i) => ((step * size) % labels.length) + i)
    state = trainingStep(tf, { settings, parameters, seed: 1 }, state, {
      batch: layOutBatch(documents, rows, multiple),
      targets: {
        labels: targetRows(targets, rows),
        coordinates: coordinates.slice(2 * rows[0]!, 2 * rows[0]! + 2 * size),
      },
    })
    state.vector.values.dataSync()
    if (step >= warmUp) fastest = Math.min(fastest, performance.now() - started)
  }
  const after = Array.from(state.losses.dataSync())
  return {
    secondsPerStep: fastest / 1000,
    losses: [(after[0]! - before[0]!) / size, (after[1]! - before[1]!) / size],
    tensorsKept: tf.memory().numTensors - tensors,
  }
}

/** Places of soft targets, anywhere in a square of thirty degrees. */
function randomPoints(count: number): Points {
  const random = seededRandom(3)
  const draw = () => Float64Array.from({ length: count }, () => 30 * random.next())
  return { lat: draw(), lon: draw() }
}

async function epochs({ folder, epochs: count, batch: size }: EpochsTask): Promise<Trained> {
  const { tf } = await loadTensorFlow()
  const input = await loadTrainingInput(folder)
  const found: Trained['epochs'] = []
  const started = performance.now()
  const epoch = ({ devLoss }: { devLoss: number }) =>
    void found.push({ seconds: (performance.now() - started) / 1000, devLoss })
  const settings = networkSettings({ epochs: count, patience: count, batch: size })
  await trainNetwork(tf, settings, input, {
    seed: 1,
    checkpoints: inMemoryCheckpoints(),
    context: quietContext,
    onEpoch: epoch,
    nowMs: () => performance.now(),
  })
  return { epochs: found }
}
