import type { AttentionCnnSettings } from '#protocol/models/attentionCnn.ts'
import type { MachineProfile } from '#protocol/machine.ts'
import type { WorkSize } from '#engine/models/method.ts'
import { networkCost } from './networkCost.ts'
import { ngramRowCount } from './wordRows.ts'

/** What the n-grams of a distinct word cost in a step for each dimension, outside TensorFlow: 30 to 90 ns were measured. */
const secondsOfCharacters = 8e-8

/** Batches of like length pad about this much. */
const paddingShare = 1.1

/** Milliseconds of all epochs: early stopping ends training before. */
export function estimateNetworkMs(settings: AttentionCnnSettings, size: WorkSize, profile: MachineProfile): number {
  const positions = settings.batch * size.wordsPerDocument * paddingShare
  const batch = { documents: settings.batch, positions, distinctWords: distinctWords(positions, size.vocabulary) }
  const cost = networkCost(settings, size, batch)
  const { perStep, perOperation, perParameter } = stepCosts(profile)
  const stepsAnEpoch =
    size.trainDocuments / settings.batch + (size.devDocuments * cost.forward) / (cost.step * settings.batch)
  const characters = ngramRowCount(settings) > 0 ? secondsOfCharacters * batch.distinctWords * size.dimensions : 0
  const secondsAStep = perStep + perOperation * cost.step + perParameter * cost.parameters + characters
  return 1000 * settings.epochs * stepsAnEpoch * secondsAStep
}

/** Distinct words of a batch among its running words by Heaps' law, with constants fitted to batches of the sample corpus. */
const distinctWords = (words: number, vocabulary: number) => Math.min(vocabulary, 1.2 * words ** 0.87)

/**
 * What a training step costs at all, an operation of its products, and a parameter: the plane through the three measured
 * steps, or, where noise bends that below zero, operations alone.
 */
function stepCosts({ steps }: MachineProfile): { perStep: number; perOperation: number; perParameter: number } {
  const [a, b, c] = [steps[0]!, steps[1]!, steps[2]!]
  const determinant = (p: number[], q: number[], r: number[]) =>
    p[0]! * (q[1]! * r[2]! - q[2]! * r[1]!) -
    p[1]! * (q[0]! * r[2]! - q[2]! * r[0]!) +
    p[2]! * (q[0]! * r[1]! - q[1]! * r[0]!)
  const solve = (column: number) => {
    const row = ({ operations, parameters, seconds }: typeof a, replaced: boolean) => {
      const values = [1, operations, parameters]
      if (replaced) values[column] = seconds
      return values
    }
    const determinantOf = (replaced: boolean) => determinant(row(a, replaced), row(b, replaced), row(c, replaced))
    return determinantOf(true) / determinantOf(false)
  }
  const [perStep, perOperation, perParameter] = [solve(0), solve(1), solve(2)]
  if (perStep >= 0 && perOperation > 0 && perParameter >= 0) return { perStep, perOperation, perParameter }
  return {
    perStep: 0,
    perOperation: Math.max(...steps.map(({ operations, seconds }) => seconds / operations)),
    perParameter: 0,
  }
}
