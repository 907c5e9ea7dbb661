import fc from 'fast-check'
import { expect, test } from 'vitest'
import { seededRandom } from '#engine/random.ts'
import { arcMillimetres, toMillimetres } from './arcMillimetres.ts'
import { SphereIndex } from './sphereIndex.ts'
import { awkwardPlace, pointsOf } from './testPlaces.ts'
import { unitVectors } from './unitVectors.ts'

type Vector = [number, number, number]
const vectorAt = (vectors: Float64Array, i: number) => [...vectors.subarray(3 * i, 3 * i + 3)] as Vector

function nearestByScan(vectors: Float64Array, query: Vector, except = -1, below = Infinity): number {
  let best = -1
  for (let i = 0; i < vectors.length / 3; i++) {
    const distance = arcMillimetres(...vectorAt(vectors, i), ...query)
    if (i !== except && distance < below) [best, below] = [i, distance]
  }
  return best
}

function withinByScan(vectors: Float64Array, query: Vector, radiusKm: number): number[] {
  return Array.from({ length: vectors.length / 3 }, (_, i) => i).filter(
    (i) => arcMillimetres(...vectorAt(vectors, i), ...query) < toMillimetres(radiusKm),
  )
}

const places = fc.array(awkwardPlace, { minLength: 1, maxLength: 80 })

test('finds what a scan finds, ties, poles and antimeridian included', () => {
  fc.assert(
    fc.property(places, awkwardPlace, fc.constantFrom(1e-6, 8, 11.119493, 300, 9_000, 21_000), (all, at, radiusKm) => {
      const vectors = unitVectors(pointsOf(...all))
      const query = vectorAt(unitVectors(pointsOf(at)), 0)
      const index = SphereIndex.build(vectors)
      expect(index.nearest(Float64Array.from(query))[0]).toBe(nearestByScan(vectors, query))
      expect(index.within(...query, radiusKm)).toEqual(withinByScan(vectors, query, radiusKm))
      const others = new Int32Array(all.length)
      for (const belowKm of [radiusKm, Infinity]) {
        index.nearestOthers(belowKm, others)
        expect([...others]).toEqual(
          all.map((_, i) => nearestByScan(vectors, vectorAt(vectors, i), i, toMillimetres(belowKm))),
        )
      }
    }),
  )
})

test('finds what a scan finds among many points', async () => {
  const random = seededRandom(3)
  const vectors = unitVectors(
    pointsOf(...Array.from({ length: 3000 }, () => [40 + random.normal(), -90 + 5 * random.normal()] as const)),
  )
  let pauses = 0
  const index = await SphereIndex.buildPausing(vectors, async () => void pauses++)
  const others = new Int32Array(3000)
  index.nearestOthers(Infinity, others)
  for (let i = 0; i < 3000; i += 7) expect(others[i]).toBe(nearestByScan(vectors, vectorAt(vectors, i), i))
  expect(pauses).toBe(0)
})

test('both signs of the antimeridian are one place, neighbours across it are near, and so it is over a pole', () => {
  const vectors = unitVectors(
    pointsOf([10, 180], [10, -180], [-30, 179.99], [-30, -179.99], [89.99, 20], [89.99, -160]),
  )
  const others = new Int32Array(6)
  SphereIndex.build(vectors).nearestOthers(2.5, others)
  expect([...others]).toEqual([1, 0, 3, 2, 5, 4])
  SphereIndex.build(vectors).nearestOthers(1e-6, others)
  expect([...others]).toEqual([1, 0, -1, -1, -1, -1])
})

test('an empty index finds nothing', () => {
  const index = SphereIndex.build(new Float64Array(0))
  expect(index.nearest(Float64Array.of(1, 0, 0))[0]).toBe(-1)
  expect(index.within(1, 0, 0, 100)).toEqual([])
})

test('a large index pauses while it is built, to the same tree', async () => {
  const random = seededRandom(5)
  const vectors = unitVectors(
    pointsOf(...Array.from({ length: 100_000 }, () => [90 * random.next(), 360 * random.next() - 180] as const)),
  )
  let pauses = 0
  const index = await SphereIndex.buildPausing(vectors, async () => void pauses++)
  expect(pauses).toBeGreaterThan(0)
  const [paused, whole] = [new Int32Array(100_000), new Int32Array(100_000)]
  index.nearestOthers(100, paused)
  SphereIndex.build(vectors).nearestOthers(100, whole)
  expect(paused).toEqual(whole)
})
