import { setImmediate } from 'node:timers/promises'
import { attentionCnnSettings, preprocessSettings, skipGramSettings } from '#protocol/experiment.ts'
import type { MachineProfile } from '#protocol/machine.ts'
import { loadTensorFlow } from '#engine/compute/tensorflow.ts'
import type { Tensor2D, TensorFlow } from '#engine/compute/types.ts'
import type { StageContext } from '#engine/context.ts'
import { tokenise } from '#engine/corpus/text/tokenise.ts'
import { tokeniserResources } from '#engine/corpus/text/tokeniserResources.ts'
import { trainSkipGram } from '#engine/embeddings/skipGram.ts'
import { layOutBatch } from '#engine/models/attentionCnn/batches.ts'
import { networkCost } from '#engine/models/attentionCnn/networkCost.ts'
import { listParameters, startParameters } from '#engine/models/attentionCnn/parameters.ts'
import { trainingStep, type StepState } from '#engine/models/attentionCnn/trainingStep.ts'
import { seededRandom } from '#engine/random.ts'
import { version } from '#engine/version.ts'
import { saveMachineProfile } from './machineProfile.ts'

/** Steps of three shapes: enough to tell what a step costs at all, a product's operation, and a parameter. */
const shapes = [
  { dimensions: 128, words: 64, labels: 64 },
  { dimensions: 512, words: 256, labels: 256 },
  { dimensions: 128, words: 64, labels: 4000 },
]
const titleOf = ({ dimensions, words, labels }: (typeof shapes)[number]) => `${dimensions} dimensions, ${words} words, ${labels} labels`
const batch = 32
const stepsTimed = 4

/** Measures, in about a minute, what estimates of an experiment's time are made from, and keeps it. */
export async function measureMachine(context: StageContext): Promise<MachineProfile> {
  const { tf, device } = await loadTensorFlow()
  const total = 4 + shapes.length
  let done = 0
  const measured = async <Value>(title: string, measure: () => Promise<Value>): Promise<Value> => {
    context.report({ done: done++, total, unit: 'steps', title })
    await setImmediate()
    context.signal.throwIfAborted()
    return measure()
  }
  const profile: MachineProfile = {
    isogloss: version,
    backend: device.backend,
    device: device.gpu?.name ?? 'cpu',
    threads: device.threads,
    gigaflops: await measured('Multiply matrices', () => matrixProducts(tf)),
    tokensPerSecond: await measured('Tokenise', tokenising),
    skipGram: [
      await measured('Skip-gram, 128 dimensions', () => skipGramAt(128, context)),
      await measured('Skip-gram, 512 dimensions', () => skipGramAt(512, context)),
    ],
    steps: [],
  }
  for (const shape of shapes) {
    profile.steps.push(await measured(`Train, ${titleOf(shape)}`, () => trainingAt(tf, shape)))
  }
  context.report({ done: total, total, unit: 'steps', title: 'Measured' })
  await saveMachineProfile(profile)
  return profile
}

/** The best of some runs, in seconds: noise only ever adds. */
async function bestSeconds(runs: number, run: () => void | Promise<void>): Promise<number> {
  let best = Infinity
  for (let i = 0; i < runs; i++) {
    const started = performance.now()
    await run()
    best = Math.min(best, (performance.now() - started) / 1000)
  }
  return best
}

async function matrixProducts(tf: TensorFlow): Promise<number> {
  // The plain backend would take minutes for what the native one does in hundredths of a second.
  const size = tf.getBackend() === 'tensorflow' ? 1024 : 256
  const [a, b] = [tf.ones([size, size]), tf.ones([size, size])] as [Tensor2D, Tensor2D]
  const seconds = await bestSeconds(8, () => void tf.tidy(() => tf.matMul(a, b).dataSync()[0]!))
  tf.dispose([a, b])
  return (2 * size ** 3) / seconds / 1e9
}

const sentence = 'the jawn was hella wicked, y’all: #lunch @someone 2:30 at the bodega 😂 and then we reckon it is about time to go '

async function tokenising(): Promise<number> {
  const settings = preprocessSettings.parse({})
  const resources = await tokeniserResources(settings, 'text')
  const text = sentence.repeat(2000)
  let tokens = 0
  const seconds = await bestSeconds(5, () => void (tokens = tokenise(text, settings, resources).tokens.length))
  return tokens / seconds
}

async function skipGramAt(dimensions: number, context: StageContext) {
  const [vocabularySize, documentWords, documents] = [20_000, 100, 6000]
  const random = seededRandom(1)
  let [started, ended] = [0, 0]
  const input = {
    ids: Int32Array.from({ length: documents * documentWords }, () => Math.floor(vocabularySize ** random.next()) - 1),
    offsets: Float64Array.from({ length: documents + 1 }, (_, i) => i * documentWords),
    documents: Int32Array.from({ length: documents }, (_, i) => i),
    vocabularySize,
  }
  await trainSkipGram(input, skipGramSettings.parse({ method: 'skip-gram', dimensions, epochs: 1 }), {
    ...context,
    report({ done, total }) {
      started ||= performance.now()
      if (done === total) ended = performance.now()
    },
  })
  return { dimensions, wordsPerSecond: (1000 * documents * documentWords) / (ended - started) }
}

async function trainingAt(tf: TensorFlow, { dimensions, words: length, labels: labelCount }: (typeof shapes)[number]) {
  const settings = attentionCnnSettings.parse({ method: 'attention-cnn', fineTune: false })
  const parameters = listParameters(settings, { dimensions, labelCount })
  const random = seededRandom(2)
  const vocabulary = 20_000
  const documents = {
    ids: Int32Array.from({ length: batch * length }, () => Math.floor(vocabulary ** random.next()) - 1),
    offsets: Float64Array.from({ length: batch + 1 }, (_, i) => i * length),
  }
  const start = startParameters(parameters, random)
  let state: StepState = {
    vector: { values: tf.tensor1d(start), first: tf.zeros([start.length]), second: tf.zeros([start.length]) },
    vectors: { matrix: { rows: vocabulary, columns: dimensions, values: new Float32Array(vocabulary * dimensions).fill(0.1) }, moments: null },
    step: 0,
    losses: tf.tensor1d([0, 0]),
  }
  const members = Int32Array.from({ length: batch }, (_, i) => i)
  const laidOut = layOutBatch(documents, members, settings.pools[0] * settings.pools[1])
  const targets = { labels: members.map((i) => i % labelCount), coordinates: null }
  const seconds = await bestSeconds(stepsTimed, () => {
    state = trainingStep(tf, settings, parameters, state, laidOut, targets, 1)
    state.losses.dataSync()
  })
  tf.dispose([state.vector.values, state.vector.first, state.vector.second, state.losses])
  const cost = networkCost(settings, { dimensions, labelCount }, { documents: batch, positions: batch * length, distinctWords: laidOut.distinct.length })
  return { title: titleOf({ dimensions, words: length, labels: labelCount }), operations: cost.step, parameters: cost.parameters, documents: batch, seconds }
}
