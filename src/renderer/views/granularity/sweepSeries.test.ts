import { expect, it } from 'vitest'
import type { Granularity, LabelSize } from '#protocol/labelSets.ts'
import { firstSize, schemeNameOf, sizeOf, sweepLines } from './sweepSeries.ts'

const row = (size: LabelSize, labelCount: number) => ({ ...size, labelCount }) as Granularity
const sweep = [
  row({ method: 'kd-tree', bucket: 25 }, 90),
  row({ method: 'kd-tree', bucket: 50 }, 40),
  row({ method: 'kd-tree', bucket: 100 }, 20),
  row({ method: 'point2city', radiusKm: 5 }, 300),
]
const experiment = { labels: { mine: { method: 'kd-tree', bucket: 90 } } } as never

it('makes a line a method, by rising number of labels, and begins at the experiment’s own size', () => {
  const [kd, p2c] = sweepLines(sweep)
  expect(kd!.rows.map(({ labelCount }) => labelCount)).toEqual([20, 40, 90])
  expect(firstSize(kd!, experiment)).toEqual({ method: 'kd-tree', bucket: 100 })
  expect(firstSize(kd!, null)).toEqual({ method: 'kd-tree', bucket: 50 })
  expect(firstSize(p2c!, experiment)).toEqual({ method: 'point2city', radiusKm: 5 })
  expect([schemeNameOf(experiment, 'kd-tree'), schemeNameOf(experiment, 'point2city')]).toEqual(['mine', null])
  expect(sizeOf(sweep[0]!)).toEqual({ method: 'kd-tree', bucket: 25 })
})
