import { expect, it } from 'vitest'
import type { RunErrors } from '#protocol/runs.ts'
import { errorFlows, flowsByWidth } from './errorFlows.ts'

const errors = {
  labels: Int32Array.of(1, 1, 1, 2, 2, 3, 0),
  guessedLabels: Int32Array.of(2, 2, 2, 1, 2, 1, 1),
  errorKm: Float32Array.of(30, 10, 20, 5, 0, 7, 9),
} as unknown as RunErrors

it('counts what goes from territory to territory, most first', () => {
  const flows = errorFlows(errors)
  expect(flows.map(({ from, to, members, medianKm }) => [from, to, members, medianKm])).toEqual([
    [1, 2, [1, 2, 0], 20],
    [0, 1, [6], 9],
    [2, 1, [3], 5],
    [3, 1, [5], 7],
  ])
  expect(flowsByWidth(flows).map((some) => some.length)).toEqual([3, 0, 1])
  expect(errorFlows({ ...errors, labels: null })).toEqual([])
  // A document without a label comes from no territory, and a guess outside of all goes to none.
  const outside = {
    ...errors,
    labels: Int32Array.of(1, 1, -1, 2, 2, -1, 0),
    guessedLabels: Int32Array.of(2, -1, 2, 2, 2, -1, 1),
  }
  expect(errorFlows(outside).map(({ from, to, members }) => [from, to, members])).toEqual([
    [0, 1, [6]],
    [1, 2, [0]],
  ])
})
