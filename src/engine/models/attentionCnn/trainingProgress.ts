import type { EpochMetrics } from '#protocol/runs.ts'
import type { TensorFlow } from '#engine/compute/types.ts'
import { averageWeights, type AveragedWeights } from '#engine/models/learning/averagedWeights.ts'
import type { TrainingState } from './trainingCheckpoints.ts'
import type { StepState } from './trainingStep.ts'
import type { WordVectors } from './wordVectors.ts'

/** The state of a training that has not begun. */
export const untrained = (values: Float32Array, vectors: WordVectors): TrainingState => ({
  values,
  first: new Float32Array(values.length),
  second: new Float32Array(values.length),
  vectors,
  average: null,
  step: 0,
  epochs: [],
  losses: [0, 0],
  elapsedMs: 0,
})

/** How far a training has come: what a checkpoint holds, on the device. Whoever makes it disposes it. */
export class TrainingProgress {
  step: StepState
  readonly epochs: EpochMetrics[]
  readonly #tf: TensorFlow
  readonly #nowMs: () => number
  #average: AveragedWeights | null
  #elapsedMs: number
  #clockMs: number

  constructor(tf: TensorFlow, from: TrainingState, nowMs: () => number) {
    this.#tf = tf
    this.#nowMs = nowMs
    this.step = {
      vector: { values: tf.tensor1d(from.values), first: tf.tensor1d(from.first), second: tf.tensor1d(from.second) },
      vectors: from.vectors,
      step: from.step,
      losses: tf.tensor1d(from.losses),
    }
    this.epochs = from.epochs
    this.#average = from.average
    this.#elapsedMs = from.elapsedMs
    this.#clockMs = nowMs()
  }

  /** Milliseconds of training, those before an interruption included. */
  get elapsedMs(): number {
    const now = this.#nowMs()
    this.#elapsedMs += now - this.#clockMs
    this.#clockMs = now
    return this.#elapsedMs
  }

  /** Takes the weights as they are now into the average over epochs. */
  average(share: number, withVectors: boolean): AveragedWeights {
    const values = this.step.vector.values.dataSync() as Float32Array
    this.#average = averageWeights(this.#average, values, withVectors ? this.step.vectors.matrix : null, share)
    return this.#average
  }

  /** The losses of labels and of coordinates, summed over the documents since this was last asked. */
  takeLosses(): [labels: number, coordinates: number] {
    const [labels, coordinates] = this.step.losses.dataSync()
    this.step.losses.dispose()
    this.step = { ...this.step, losses: this.#tf.tensor1d([0, 0]) }
    return [labels!, coordinates!]
  }

  snapshot(): TrainingState {
    const { vector, vectors, step, losses } = this.step
    return {
      values: vector.values.dataSync() as Float32Array,
      first: vector.first.dataSync() as Float32Array,
      second: vector.second.dataSync() as Float32Array,
      vectors,
      average: this.#average,
      step,
      epochs: this.epochs,
      losses: Array.from(losses.dataSync()) as [number, number],
      elapsedMs: this.elapsedMs,
    }
  }

  dispose(): void {
    const { vector, losses } = this.step
    this.#tf.dispose([vector.values, vector.first, vector.second, losses])
  }
}
