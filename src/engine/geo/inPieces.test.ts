import fc from 'fast-check'
import { expect, test } from 'vitest'
import { quietContext } from '#engine/context.ts'
import { seededRandom } from '#engine/random.ts'
import { inPieces } from './inPieces.ts'
import { nearbyOrder } from './nearbyOrder.ts'
import { awkwardPlace, pointsOf } from './testPlaces.ts'

test('the order holds each place once', () => {
  fc.assert(
    fc.property(fc.array(awkwardPlace), (all) => {
      expect([...nearbyOrder(pointsOf(...all))].sort((a, b) => a - b)).toEqual([...all.keys()])
    }),
  )
})

const random = seededRandom(8)
const many = {
  lat: Float64Array.from({ length: 250_000 }, () => 180 * random.next() - 90),
  lon: Float64Array.from({ length: 250_000 }, () => 360 * random.next() - 180),
}

test('every point gets its own answer, and progress is told after each piece', async () => {
  const done: number[] = []
  const context = { ...quietContext, report: (progress: { done: number }) => void done.push(progress.done) }
  const answers = await inPieces(
    many,
    ({ lat, lon }) => Int32Array.from(lat, (degrees, i) => 1000 * degrees + lon[i]!),
    'Testing',
    context,
  )
  expect(answers).toEqual(Int32Array.from(many.lat, (degrees, i) => 1000 * degrees + many.lon[i]!))
  expect(done).toEqual([100_000, 200_000, 250_000])
})

test('is cancelled between two pieces', async () => {
  const abort = new AbortController()
  let pieces = 0
  const answer = ({ lat }: { lat: Float64Array }) => {
    if (++pieces === 2) abort.abort(new Error('stop'))
    return new Int32Array(lat.length)
  }
  await expect(inPieces(many, answer, 'Testing', { ...quietContext, signal: abort.signal })).rejects.toThrow('stop')
  expect(pieces).toBe(2)
})
