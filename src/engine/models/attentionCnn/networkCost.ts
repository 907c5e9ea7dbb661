import type { AttentionCnnSettings } from '#protocol/models/attentionCnn.ts'
import { featureCount, listParameters, sizeOf, type NetworkSize } from './parameters.ts'

/** What a batch's cost depends on. */
export interface BatchSize {
  documents: number
  /** Padded positions of all documents together. */
  positions: number
  distinctWords: number
}

export interface NetworkCost {
  /** Floating-point operations of matrix products in one forward pass. */
  forward: number
  /** In a training step: the forward pass and the pullbacks of every task. */
  step: number
  /** Parameters that the optimisers move in every step. */
  parameters: number
}

/** Counts the work of the network: twice the multiplications of its matrix products, forward and in a training step. */
export function networkCost(
  settings: AttentionCnnSettings,
  size: NetworkSize,
  { documents, positions, distinctWords }: BatchSize,
): NetworkCost {
  const { filters, pools, windows, tasks, fineTune, attention, attentionUnits } = settings
  const places = windows.reduce((sum, window) => sum + window, 0)
  const features = filters[1] * windows.length
  const first = 2 * distinctWords * size.dimensions * places * filters[0]
  const second = 2 * (positions / pools[0]) * places * filters[0] * filters[1]
  const summary = attention === 'none' ? 0 : 2 * (positions / (pools[0] * pools[1])) * features * attentionUnits
  const head = 2 * documents * featureCount(settings, size.dimensions) * size.labelCount
  // A product has two gradients, each as costly as itself; the first one's input has one only where it is trained.
  const pullback = first + 2 * (second + summary)
  return {
    forward: first + second + summary + head,
    step: first + second + summary + head + tasks.length * pullback + 2 * head + (fineTune ? first : 0),
    parameters: listParameters(settings, size).reduce((sum, { shape }) => sum + sizeOf(shape), 0),
  }
}
