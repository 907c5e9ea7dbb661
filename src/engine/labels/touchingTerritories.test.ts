import { expect, it } from 'vitest'
import { labelSettings } from '#protocol/labels/labels.ts'
import { quietContext } from '#engine/context.ts'
import { seededRandom } from '#engine/random.ts'
import { fitLabelSet } from './fitLabelSet.ts'

const random = seededRandom(8)
const places = {
  lat: Float64Array.from({ length: 400 }, () => 44 + 4 * random.next()),
  lon: Float64Array.from({ length: 400 }, () => 5 + 6 * random.next()),
}

it.each([
  { method: 'kd-tree', bucket: 40 },
  { method: 'k-means', clusters: 12 },
])('territories of %o touch where a short step leads from one to the other', async (settings) => {
  const set = await fitLabelSet(labelSettings.parse(settings), places, quietContext)
  const touching = new Set<string>()
  const pairs = set.touching(places)
  for (let at = 0; at < pairs.length; at += 2) touching.add(`${pairs[at]},${pairs[at + 1]}`)
  // A slow twin: points all over the middle of the box, and neighbours of them a hundred metres away.
  const stepped = new Set<string>()
  const near = 0.001
  for (let n = 0; n < 60_000; n++) {
    const [lat, lon] = [44.05 + 3.9 * random.next(), 5.05 + 5.9 * random.next()]
    const [a, b] = set.assign({ lat: Float64Array.of(lat, lat + near), lon: Float64Array.of(lon, lon + near) })
    if (a !== b) stepped.add(`${Math.min(a!, b!)},${Math.max(a!, b!)}`)
  }
  expect(stepped.size).toBeGreaterThan(10)
  for (const pair of stepped) expect(touching).toContain(pair)
  // Corners are touched, too; hardly any step meets one.
  expect(touching.size).toBeLessThan(2 * stepped.size)
})
