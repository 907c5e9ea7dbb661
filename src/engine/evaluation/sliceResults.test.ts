import { expect, test } from 'vitest'
import type { ConditionName } from '#protocol/comparison.ts'
import type { Condition } from './condition.ts'
import { sliceResults } from './sliceResults.ts'

test('each part of the test fold has metrics of its own, averaged over seeds', () => {
  const at = (...lat: number[]) => ({ lat: Float64Array.from(lat), lon: new Float64Array(lat.length) })
  const run = (seed: number, predictedLabel: number[], ...guesses: number[]) => ({
    id: `run-${seed}`,
    seed,
    predictedLabel: Int32Array.from(predictedLabel),
    guess: at(...guesses),
    coordinatesHead: null,
  })
  const name: ConditionName = {
    labels: 'kd',
    model: 'stl',
    labelsMethod: 'kd-tree',
    method: 'attention-cnn',
    tasks: ['labels'],
  }
  const condition: Condition = {
    ...name,
    experiment: 'study',
    training: { id: 'corpus', points: at(0), seenPlace: Uint8Array.of(1, 1, 1, 1) },
    scheme: {
      id: 'labels',
      count: 2,
      oracle: null,
      of: Int32Array.of(0, 0, 1, 1),
      largest: { index: 0, lat: 0, lon: 0 },
    },
    runs: [run(1, [0, 1, 1, 1], 0, 1, 10, 10), run(2, [0, 0, 1, 0], 0, 0, 10, 12)],
  }
  const slices = sliceResults([condition], at(0, 0, 10, 10), {
    values: ['young', 'old'],
    codes: Int32Array.of(1, -1, 1, 0),
  })
  expect(slices.map(({ value, documents }) => [value, documents])).toEqual([
    ['old', 2],
    [null, 1],
    ['young', 1],
  ])
  const degreeKm = (Math.PI / 180) * 6371
  expect(slices[0]!.results).toEqual([{ ...name, accuracy: 1, accuracyAt161Km: 1, meanErrorKm: 0, medianErrorKm: 0 }])
  expect(slices[1]!.results[0]).toMatchObject({ accuracy: 0.5, accuracyAt161Km: 1 })
  expect(slices[1]!.results[0]!.meanErrorKm).toBeCloseTo(degreeKm / 2, 6)
  expect(slices[2]!.results[0]).toMatchObject({ accuracy: 0.5, accuracyAt161Km: 0.5 })
  expect(slices[2]!.results[0]!.medianErrorKm).toBeCloseTo(degreeKm, 6)
})
