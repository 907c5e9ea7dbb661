import { expect, test } from 'vitest'
import type { Difference, MetricName } from '#protocol/comparison.ts'
import { bestIn } from './bestIn.ts'

function row(
  labels: string,
  model: string,
  [accuracy, accuracyAt161Km, meanErrorKm, medianErrorKm]: [number, number, number, number],
) {
  return { name: `${labels}/${model}`, scheme: labels, accuracy, accuracyAt161Km, meanErrorKm, medianErrorKm }
}
const difference = (a: string, b: string, metric: MetricName, pHolm: number): Difference => ({
  a,
  b,
  metric,
  difference: 1,
  interval: [0, 2],
  p: pHolm / 2,
  contrast: true,
  pHolm,
})

const stl = row('kd', 'stl', [0.3, 0.4, 900, 300])
const mtl = row('kd', 'mtl', [0.35, 0.5, 800, 250])
const city = row('p2c', 'mtl', [0.6, 0.45, 850, 280])
const floor = row('kd', 'largest-label', [0.1, 0.55, 1500, 900])

test('a condition is best only where every difference holds and no floor is as good', () => {
  const differences = [
    difference('kd/stl', 'kd/mtl', 'meanErrorKm', 0.01),
    difference('kd/mtl', 'p2c/mtl', 'meanErrorKm', 0.04),
    difference('kd/stl', 'kd/mtl', 'medianErrorKm', 0.01),
    difference('kd/mtl', 'p2c/mtl', 'medianErrorKm', 0.2),
    difference('kd/stl', 'kd/mtl', 'accuracy', 0.03),
    difference('kd/stl', 'kd/mtl', 'accuracyAt161Km', 0.001),
    difference('kd/mtl', 'p2c/mtl', 'accuracyAt161Km', 0.001),
  ]
  const best = (condition: typeof stl) => bestIn(condition, [stl, mtl, city], [floor], differences)
  // Accuracy within the scheme: P2C's higher one is of other labels. In Acc@161 the largest label is better still.
  expect(best(mtl)).toEqual(['accuracy', 'meanErrorKm'])
  expect(best(stl)).toEqual([])
  expect(best(city)).toEqual([])
  expect(bestIn(mtl, [mtl], [floor], [])).toEqual([])
})
