import type { MixtureDensitySettings } from '#protocol/models/mixtureDensity.ts'
import type { EpochMetrics } from '#protocol/runs.ts'
import type { Points } from '#engine/geo/points.ts'
import { isExhausted } from '#engine/models/learning/bestEpoch.ts'
import { adam } from '#engine/models/learning/optimisers.ts'
import { requireConvergence } from '#engine/models/learning/requireConvergence.ts'
import { scoreGuesses } from '#engine/models/learning/scoreDevelopment.ts'
import type { TfIdfRows } from '#engine/models/learning/tfIdf.ts'
import type { TrainingTask } from '#engine/models/method.ts'
import { pause } from '#engine/pause.ts'
import { seededRandom } from '#engine/random.ts'
import { toPlaces, toPlane, type DensityPlane } from './densityPlane.ts'
import { highestModes } from './mixtureModel.ts'
import {
  MixtureNetwork,
  noGradients,
  type MixtureGradients,
  type MixtureShape,
  type MixtureWeights,
} from './mixtureNetwork.ts'

export interface MixtureInput {
  shape: MixtureShape
  plane: DensityPlane
  start: MixtureWeights
  rows: TfIdfRows
  train: Int32Array
  devRows: TfIdfRows
  dev: Int32Array
  points: Points
}

/**
 * Least negative log-likelihood by Adam on shuffled batches (lazy for words that a batch lacks); keeps the epoch of lowest
 * development mean error, stops after `patience` epochs without a better one. Without development documents every epoch is trained
 * and the last is kept. Losses are nats of densities per km2.
 */
export async function trainMixture(
  settings: MixtureDensitySettings,
  { shape, plane, start, rows, train, devRows, dev, points }: MixtureInput,
  { seed, context, onEpoch, nowMs }: Pick<TrainingTask, 'context' | 'onEpoch' | 'nowMs'> & { seed: number },
): Promise<{ weights: MixtureWeights; epochs: EpochMetrics[] }> {
  const leastSpread = settings.leastSpreadKm / plane.unitKm
  const perKm2 = 2 * Math.log(plane.unitKm)
  const places = toPlane(plane, points)
  const weights = copyOf(start)
  const step = adamOver(weights, shape, settings.learningRate)
  const random = seededRandom(seed, 3)
  const order = Int32Array.from(train.keys())
  const batches = Math.ceil(order.length / settings.batch)
  const total = settings.epochs * batches
  const epochs: EpochMetrics[] = []
  let best = start
  const started = nowMs()
  while (epochs.length < settings.epochs && !isExhausted(epochs, settings.patience, dev.length)) {
    random.shuffle(order)
    const epochStarted = nowMs()
    let loss = 0
    for (let from = 0; from < order.length; from += settings.batch) {
      const chosen = order.slice(from, from + settings.batch)
      const network = new MixtureNetwork(shape, weights, leastSpread)
      const keep = Float32Array.from({ length: entriesOf(rows, chosen) }, () =>
        random.next() < settings.dropout ? 0 : 1 / (1 - settings.dropout),
      )
      const gradients = step.cleared()
      loss += network.addGradients({ rows, chosen, keep }, placesOf(places, train, chosen), gradients)
      step.take()
      context.report({ done: epochs.length * batches + from / settings.batch + 1, total, unit: 'steps' })
      await pause(context)
    }
    loss = loss / order.length + perKm2
    requireConvergence(epochs.length + 1, [loss], weights.gaussians, settings.learningRate)
    const network = new MixtureNetwork(shape, weights, leastSpread)
    const said = await highestModes(network, devRows, context, placesOf(places, dev))
    const scored = scoreGuesses(toPlaces(plane, said.modes), { dev, points })
    const metrics: EpochMetrics = {
      epoch: epochs.length + 1,
      step: (epochs.length + 1) * batches,
      trainLoss: loss,
      coordinateLoss: null,
      devLoss: said.loss / Math.max(1, dev.length) + perKm2,
      ...scored,
      documentsPerSecond: order.length / Math.max(1e-3, (nowMs() - epochStarted) / 1000),
      elapsedMs: nowMs() - started,
      best: dev.length === 0 || epochs.every(({ devMeanErrorKm }) => scored.devMeanErrorKm < devMeanErrorKm),
    }
    epochs.push(metrics)
    if (metrics.best) best = copyOf(weights)
    onEpoch(metrics)
  }
  return { weights: best, epochs }
}

/** x and y of some rows: those of documents, or of the training documents that are chosen. */
function placesOf(places: Float64Array, documents: Int32Array, chosen?: Int32Array): Float64Array {
  const rows = chosen ? chosen.map((row) => documents[row]!) : documents
  return Float64Array.from({ length: 2 * rows.length }, (_, i) => places[2 * rows[i >> 1]! + (i & 1)]!)
}

const entriesOf = ({ starts }: TfIdfRows, chosen: Int32Array) =>
  chosen.reduce((sum, row) => sum + starts[row + 1]! - starts[row]!, 0)

const parts = ['input', 'inputBias', 'output', 'outputBias', 'gaussians'] as const

const copyOf = (weights: MixtureWeights): MixtureWeights => ({
  input: weights.input.slice(),
  inputBias: weights.inputBias.slice(),
  output: weights.output.slice(),
  outputBias: weights.outputBias.slice(),
  gaussians: weights.gaussians.slice(),
})

/** Adam over the weights in place; rows of words that a batch lacks keep their moments. */
function adamOver(weights: MixtureWeights, shape: MixtureShape, rate: number) {
  const gradients: MixtureGradients = noGradients(shape)
  const [first, second] = [noGradients(shape), noGradients(shape)]
  const { beta1, beta2, epsilon } = adam
  let step = 0
  function move(part: (typeof parts)[number], from: number, to: number) {
    const stepRate = (rate * Math.sqrt(1 - beta2 ** step)) / (1 - beta1 ** step)
    const [values, slopes, m, v] = [weights[part], gradients[part], first[part], second[part]]
    for (let i = from; i < to; i++) {
      const g = slopes[i]!
      m[i] = beta1 * m[i]! + (1 - beta1) * g
      v[i] = beta2 * v[i]! + (1 - beta2) * g * g
      values[i] = values[i]! - (stepRate * m[i]!) / (Math.sqrt(v[i]!) + epsilon)
    }
  }
  return {
    /** Gradients of zero, to be added to. */
    cleared(): MixtureGradients {
      for (const column of gradients.touched)
        gradients.input.fill(0, column * shape.hidden, (column + 1) * shape.hidden)
      for (const part of parts) if (part !== 'input') gradients[part].fill(0)
      gradients.touched = []
      return gradients
    },
    take(): void {
      step++
      for (const part of parts) if (part !== 'input') move(part, 0, weights[part].length)
      for (const column of new Set(gradients.touched)) move('input', column * shape.hidden, (column + 1) * shape.hidden)
    },
  }
}
