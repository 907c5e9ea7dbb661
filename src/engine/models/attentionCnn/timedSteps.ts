import { attentionCnnSettings } from '#protocol/models/attentionCnn.ts'
import { bestSeconds } from '#engine/compute/bestSeconds.ts'
import type { TensorFlow } from '#engine/compute/types.ts'
import type { TimedPart } from '#engine/models/method.ts'
import { seededRandom } from '#engine/random.ts'
import { layOutBatch } from './batches.ts'
import { networkCost } from './networkCost.ts'
import { listParameters, startParameters } from './parameters.ts'
import { trainingStep, type StepState } from './trainingStep.ts'

/** Steps of three shapes: enough to tell what a step costs at all, a product's operation, and a parameter. */
const shapes = [
  { dimensions: 128, words: 64, labels: 64 },
  { dimensions: 512, words: 256, labels: 256 },
  { dimensions: 128, words: 64, labels: 4000 },
]
const titleOf = ({ dimensions, words, labels }: (typeof shapes)[number]) =>
  `${dimensions} dimensions, ${words} words, ${labels} labels`
const batch = 32
const stepsTimed = 4

export const timedSteps: TimedPart[] = shapes.map((shape) => ({
  title: `Train, ${titleOf(shape)}`,
  time: (tf) => timeSteps(tf, shape),
}))

async function timeSteps(tf: TensorFlow, { dimensions, words: length, labels: labelCount }: (typeof shapes)[number]) {
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
    vectors: {
      matrix: { rows: vocabulary, columns: dimensions, values: new Float32Array(vocabulary * dimensions).fill(0.1) },
      moments: null,
    },
    step: 0,
    losses: tf.tensor1d([0, 0]),
  }
  const members = Int32Array.from({ length: batch }, (_, i) => i)
  const laidOut = layOutBatch(documents, members, settings.pools[0] * settings.pools[1])
  const labels = new Float32Array(batch * labelCount)
  for (const i of members) labels[i * labelCount + (i % labelCount)] = 1
  const targets = { labels, coordinates: null }
  const seconds = await bestSeconds(stepsTimed, () => {
    state = trainingStep(tf, { settings, parameters, seed: 1 }, state, { batch: laidOut, targets })
    state.losses.dataSync()
  })
  tf.dispose([state.vector.values, state.vector.first, state.vector.second, state.losses])
  const cost = networkCost(
    settings,
    { dimensions, labelCount },
    { documents: batch, positions: batch * length, distinctWords: laidOut.distinct.length },
  )
  return {
    title: titleOf({ dimensions, words: length, labels: labelCount }),
    operations: cost.step,
    parameters: cost.parameters,
    documents: batch,
    seconds,
  }
}
