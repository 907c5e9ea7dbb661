import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { KdTreeSettings } from '#protocol/labels/kdTree.ts'
import { labelSettings, type LabelSettings } from '#protocol/labels/labels.ts'
import type { Point2CitySettings } from '#protocol/labels/point2City.ts'
import type { Granularity } from '#protocol/labelSets.ts'
import { quietContext } from '#engine/context.ts'
import type { Points } from '#engine/geo/points.ts'
import { awkwardPlace, pointsOf } from '#engine/geo/testPlaces.ts'
import { seededRandom } from '#engine/random.ts'
import { defaultBuckets } from './defaultSweep.ts'
import { fitLabelSet } from './fitLabelSet.ts'
import { describeLabelSet } from './labelStatistics.ts'
import { sweepGranularity } from './sweepGranularity.ts'
import { scatteredPoints } from './testCorpora.ts'

const kd = labelSettings.parse({ method: 'kd-tree' }) as KdTreeSettings
const p2c = labelSettings.parse({ method: 'point2city' }) as Point2CitySettings
type Folds = { train: Points; dev: Points | null; test: Points | null }

async function oneByOne(folds: Folds, all: LabelSettings[]): Promise<Granularity[]> {
  const rows: Granularity[] = []
  for (const settings of all) {
    const set = await fitLabelSet(settings, folds.train, quietContext)
    const { labelCount, meanToCentreKm, medianToCentreKm, centreToCityKm, oracle } = await describeLabelSet(
      set,
      '',
      folds,
      quietContext,
    )
    const figures = { labelCount, meanToCentreKm, medianToCentreKm, centreToCityKm, oracle }
    if (settings.method === 'kd-tree') rows.push({ method: 'kd-tree', bucket: settings.bucket, ...figures })
    else if (settings.method === 'point2city')
      rows.push({ method: 'point2city', radiusKm: settings.radiusKm, ...figures })
  }
  return rows
}

async function expectSame(
  folds: Folds,
  buckets: number[],
  radiiKm: number[],
  base: { kd: KdTreeSettings; p2c: Point2CitySettings },
) {
  const each = [
    ...buckets.map((bucket) => ({ ...base.kd, bucket })),
    ...radiiKm.map((radiusKm) => ({ ...base.p2c, radiusKm })),
  ]
  expect(await sweepGranularity(folds, { ...base, buckets, radiiKm }, quietContext)).toEqual(
    await oneByOne(folds, each),
  )
}

test.each([
  ['as they are by default', { kd, p2c }],
  [
    'of nearest medians and mutual neighbours',
    { kd: { ...kd, assign: 'nearest-median' as const }, p2c: { ...p2c, merge: 'mutual' as const } },
  ],
])('a sweep gives what each setting gives by itself: labels %s', async (_, base) => {
  const random = seededRandom(4)
  const folds = { train: scatteredPoints(2500, random, 30), dev: null, test: scatteredPoints(300, random, 30) }
  await expectSame(folds, [5, 20, 81, 600, 4000], [1, 3, 11, 40, 250], base)
})

test('so it does for awkward places', async () => {
  const places = fc.array(awkwardPlace, { minLength: 1, maxLength: 50 })
  await fc.assert(
    fc.asyncProperty(places, places, async (train, test) => {
      const folds = { train: pointsOf(...train), dev: null, test: pointsOf(...test) }
      await expectSame(folds, [1, 4, 9], [5, 11.119493, 300], { kd, p2c })
    }),
    { numRuns: 10 },
  )
})

test('counts fall and distances rise as labels grow', async () => {
  const folds = { train: scatteredPoints(3000, seededRandom(5), 20), dev: null, test: null }
  const rows = await sweepGranularity(folds, { kd, p2c, buckets: [10, 100, 1000], radiiKm: [2, 11, 50] }, quietContext)
  for (const method of ['kd-tree', 'point2city']) {
    const own = rows.filter((row) => row.method === method)
    expect(own.map(({ labelCount }) => labelCount)).toEqual(
      own.map(({ labelCount }) => labelCount).sort((a, b) => b - a),
    )
    expect(own.map(({ meanToCentreKm }) => meanToCentreKm)).toEqual(
      own.map(({ meanToCentreKm }) => meanToCentreKm).sort((a, b) => a - b),
    )
    for (const { oracle } of own) expect([oracle.dev, oracle.test]).toEqual([null, null])
  }
})

test('is cancelled between two settings', async () => {
  const abort = new AbortController()
  const titles: string[] = []
  const report = ({ title }: { title?: string }) => {
    titles.push(title ?? '')
    if (title === 'k-d tree, bucket 10') abort.abort(new Error('stop'))
  }
  const folds = { train: scatteredPoints(500, seededRandom(6)), dev: null, test: null }
  const sweep = sweepGranularity(
    folds,
    { kd, p2c, buckets: [10, 100], radiiKm: [11] },
    { ...quietContext, signal: abort.signal, report },
  )
  await expect(sweep).rejects.toThrow('stop')
  expect(titles).toEqual(['k-d tree, bucket 10'])
})

test.each([
  [1, [25]],
  [300, [25]],
  [3068, [25, 50, 100, 200]],
  [449_694, [200, 400, 800, 1600, 3200, 6400, 12800, 25600]],
  [1_386_766, [400, 800, 1600, 3200, 6400, 12800, 25600, 51200]],
])('default buckets for %i points', (points, buckets) => expect(defaultBuckets(points)).toEqual(buckets))
