import fc from 'fast-check'
import { expect, test } from 'vitest'
import { quietContext } from '#engine/context.ts'
import { awkwardPlace, pointsOf } from '#engine/geo/testPlaces.ts'
import { seededRandom } from '#engine/random.ts'
import { buildKdTree, cellAt } from './kdTree.ts'
import { corpusPoints, scatteredPoints, shuffled } from './testCorpora.ts'

type Place = readonly [lat: number, lon: number]

function median(values: number[]): number {
  const sorted = [...values].sort((a, b) => a - b)
  const half = sorted.length / 2
  return Number.isInteger(half) ? (sorted[half - 1]! + sorted[half]!) / 2 : sorted[Math.floor(half)]!
}

/** The rules as they are told: recursion over lists, cells in the order in which it meets them. */
function cellsOf(places: Place[], bucket: number): Place[][] {
  const values = [0, 1].map((axis) => places.map((place) => place[axis]!))
  const [height, width] = values.map((list) => Math.max(...list) - Math.min(...list))
  if (places.length <= bucket || Math.max(height!, width!) === 0) return [places]
  const axis = height! >= width! ? 0 : 1
  let split = median(values[axis]!)
  if (split === Math.max(...values[axis]!)) split = Math.min(...values[axis]!)
  return [
    ...cellsOf(
      places.filter((place) => place[axis]! <= split),
      bucket,
    ),
    ...cellsOf(
      places.filter((place) => place[axis]! > split),
      bucket,
    ),
  ]
}

const places = fc.array(awkwardPlace, { minLength: 1, maxLength: 120 })

test('the cells are those of the plain recursion, in its order', async () => {
  await fc.assert(
    fc.asyncProperty(places, fc.integer({ min: 1, max: 12 }), async (all, bucket) => {
      const { tree, cellOfPoint } = await buildKdTree(pointsOf(...all), bucket, quietContext)
      const cells = Array.from({ length: tree.cells }, (_, cell) => all.filter((__, i) => cellOfPoint[i] === cell))
      expect(cells).toEqual(cellsOf(all, bucket))
      all.forEach(([lat, lon], i) => expect(cellAt(tree, lat, lon)).toBe(cellOfPoint[i]))
    }),
  )
})

test.each([
  [
    'an even count is split at the mean of the middle two',
    [
      [0, 0],
      [1, 0],
      [4, 0],
      [9, 0],
    ],
    2,
    [0, 0, 1, 1],
    [2.5],
  ],
  [
    'an odd count leaves its median on the left',
    [
      [0, 0],
      [1, 0],
      [4, 0],
    ],
    2,
    [0, 0, 1],
    [1],
  ],
  [
    'equal widths split latitude first',
    [
      [0, 0],
      [0, 2],
      [2, 0],
      [2, 2],
    ],
    2,
    [0, 0, 1, 1],
    [1],
  ],
  [
    'the wider axis is split',
    [
      [0, 0],
      [0, 5],
      [2, 0],
      [2, 5],
    ],
    2,
    [0, 1, 0, 1],
    [2.5],
  ],
  [
    'a median that is the maximum gives way to the minimum',
    [
      [0, 0],
      [3, 0],
      [9, 0],
      [9, 0],
      [9, 0],
    ],
    3,
    [0, 1, 2, 2, 2],
    [0, 3],
  ],
  [
    'one place is never split',
    [
      [5, 5],
      [5, 5],
      [5, 5],
    ],
    1,
    [0, 0, 0],
    [],
  ],
] as const)('%s', async (_, all, bucket, cells, splits) => {
  const { tree, cellOfPoint } = await buildKdTree(pointsOf(...all), bucket, quietContext)
  expect([...cellOfPoint]).toEqual(cells)
  const inner = Array.from({ length: tree.nodes.length / 3 }, (__, i) => i).filter((i) => tree.nodes[3 * i]! >= 0)
  expect(inner.map((i) => tree.nodes[3 * i + 1])).toEqual(splits)
})

test('the order of the rows does not matter', async () => {
  const random = seededRandom(1)
  const points = scatteredPoints(3000, random)
  const once = await buildKdTree(points, 40, quietContext)
  const other = shuffled(points, random)
  const again = await buildKdTree(other.points, 40, quietContext)
  expect(again.tree).toEqual(once.tree)
  expect([...again.cellOfPoint]).toEqual(Array.from(other.order, (i) => once.cellOfPoint[i]))
})

test('the order of the rows does not matter to awkward places either', async () => {
  await fc.assert(
    fc.asyncProperty(places, fc.integer({ min: 1, max: 12 }), fc.integer(), async (all, bucket, seed) => {
      const points = pointsOf(...all)
      const once = await buildKdTree(points, bucket, quietContext)
      const other = shuffled(points, seededRandom(seed))
      const again = await buildKdTree(other.points, bucket, quietContext)
      expect(again.tree).toEqual(once.tree)
      expect([...again.cellOfPoint]).toEqual(Array.from(other.order, (i) => once.cellOfPoint[i]))
    }),
  )
})

test('a thousand distinct places below a heap of one place do not exhaust the stack', async () => {
  const all = Array.from({ length: 4001 }, (_, i): Place => [Math.min(i, 2000) / 100, 0])
  const { tree } = await buildKdTree(pointsOf(...all), 1, quietContext)
  expect(tree.cells).toBe(2001)
})

test('stops when it is told to', async () => {
  const context = { ...quietContext, signal: AbortSignal.abort(new Error('stop')) }
  await expect(buildKdTree(scatteredPoints(200_000, seededRandom(1)), 10, context)).rejects.toThrow('stop')
})

test('the Swiss German corpus has 51 cells with a bucket of 128', async ({ skip }) => {
  const points = corpusPoints('smg/ch/dev.txt.gz')
  if (!points) return skip()
  expect((await buildKdTree(points, 128, quietContext)).tree.cells).toBe(51)
})
