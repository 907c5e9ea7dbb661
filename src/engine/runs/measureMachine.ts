import { setImmediate } from 'node:timers/promises'
import { preprocessSettings, skipGramSettings } from '#protocol/experiment.ts'
import type { MachineProfile } from '#protocol/machine.ts'
import { bestSeconds } from '#engine/compute/bestSeconds.ts'
import { loadTensorFlow } from '#engine/compute/tensorflow.ts'
import type { Tensor2D, TensorFlow } from '#engine/compute/types.ts'
import type { StageContext } from '#engine/context.ts'
import { tokenise } from '#engine/corpus/text/tokenise.ts'
import { tokeniserResources } from '#engine/corpus/text/tokeniserResources.ts'
import { trainSkipGram } from '#engine/embeddings/skipGram.ts'
import { modelMethods } from '#engine/models/methods.ts'
import { seededRandom } from '#engine/random.ts'
import { version } from '#engine/version.ts'
import { saveMachineProfile } from './machineProfile.ts'

/** Measures, in about a minute, what estimates of an experiment's time are made from, and keeps it. */
export async function measureMachine(context: StageContext): Promise<MachineProfile> {
  const { tf, device } = await loadTensorFlow()
  const parts = Object.values(modelMethods).flatMap(({ timedParts = [] }) => timedParts)
  const total = 4 + parts.length
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
  for (const { title, time } of parts) profile.steps.push(await measured(title, () => time(tf)))
  context.report({ done: total, total, unit: 'steps', title: 'Measured' })
  await saveMachineProfile(profile)
  return profile
}

async function matrixProducts(tf: TensorFlow): Promise<number> {
  // The plain backend would take minutes for what the native one does in hundredths of a second.
  const size = tf.getBackend() === 'tensorflow' ? 1024 : 256
  const [a, b] = [tf.ones([size, size]), tf.ones([size, size])] as [Tensor2D, Tensor2D]
  const seconds = await bestSeconds(8, () => void tf.tidy(() => tf.matMul(a, b).dataSync()[0]!))
  tf.dispose([a, b])
  return (2 * size ** 3) / seconds / 1e9
}

const sentence =
  'the jawn was hella wicked, y’all: #lunch @someone 2:30 at the bodega 😂 and then we reckon it is about time to go '

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
