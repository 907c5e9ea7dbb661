import { expect, it } from 'vitest'
import { quietContext } from '#engine/context.ts'
import { seededRandom } from '#engine/random.ts'
import { buildKdTree } from './kdTree.ts'
import { matchingBucket } from './matchingBucket.ts'
import { matchingRadiusKm } from './matchingRadius.ts'
import { fitLabelSet } from './fitLabelSet.ts'

const random = seededRandom(5)
/** Towns with many people each, and people between them. */
const train = {
  lat: new Float64Array(1200),
  lon: new Float64Array(1200),
}
const towns = Array.from({ length: 30 }, () => [35 + 10 * random.next(), -100 + 20 * random.next()] as const)
train.lat.forEach((_, i) => {
  const [lat, lon] = towns[random.below(towns.length)]!
  train.lat[i] = lat + 0.3 * random.normal()
  train.lon[i] = lon + 0.3 * random.normal()
})

it('no bucket comes nearer to the cells wanted, which trying all of them shows', async () => {
  const cellsOf = new Map<number, number>()
  for (let bucket = 1; bucket <= 1200; bucket++)
    cellsOf.set(bucket, (await buildKdTree(train, bucket, quietContext)).tree.cells)
  for (const wanted of [1, 2, 7, 33, 64, 100, 257, 2000]) {
    const found = await matchingBucket(train, wanted, quietContext)
    const least = Math.min(...[...cellsOf.values()].map((cells) => Math.abs(cells - wanted)))
    expect([wanted, Math.abs(cellsOf.get(found)! - wanted)]).toEqual([wanted, least])
  }
}, 120_000)

it('a radius is found that gives about as many labels', async () => {
  const settings = { method: 'point2city', radiusKm: 11, minPopulation: 15_000, merge: 'nearest' } as const
  for (const wanted of [1, 10, 40, 150]) {
    const radiusKm = await matchingRadiusKm(settings, train, wanted, quietContext)
    const { labels } = await fitLabelSet({ ...settings, radiusKm }, train, quietContext)
    expect(Math.abs(labels.length - wanted) / wanted).toBeLessThan(0.1)
  }
}, 120_000)
