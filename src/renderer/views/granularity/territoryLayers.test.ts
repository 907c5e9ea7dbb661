import { expect, it } from 'vitest'
import type { SizedLabels } from '#protocol/labelSets.ts'
import { classesOf, shadedValues } from './territoryLayers.ts'

const sized = {
  map: {
    labels: [
      { index: 4, documents: 2, lat: 0, lon: 0 },
      { index: 9, documents: 1, lat: 10, lon: 10 },
    ],
    points: Float32Array.from([0, 0, 1, 0, 10, 10]),
    pointLabels: Int32Array.from([4, 4, 9]),
  },
} as unknown as SizedLabels

it('shades by documents, or by the mean distance from the centre', () => {
  expect([...shadedValues(sized, 'documents')]).toEqual([2, 1])
  const [first, second] = shadedValues(sized, 'distance')
  expect(first).toBeCloseTo(111.195 / 2, 2)
  expect(second).toBe(0)
})

it('has classes that double up to the greatest value of all maps', () => {
  expect(classesOf([Float64Array.of(3), Float64Array.of(70)]).bounds).toEqual([0, 4, 8, 16, 32, 64])
  expect(classesOf([Float64Array.of(0)]).bounds.at(-1)).toBe(1)
})
