import { execFileSync } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import { quietContext } from '#engine/context.ts'
import { writeNpy } from '#engine/files/npy.ts'
import type { Points } from '#engine/geo/points.ts'
import { unitVectors } from '#engine/geo/unitVectors.ts'
import { seededRandom } from '#engine/random.ts'
import { virtualEnvironment } from '../../../bench/virtualEnvironment.ts'
import { kMeans } from './kMeans.ts'
import { scatteredPoints } from './testCorpora.ts'

const packages = { 'scikit-learn': '1.7.2', numpy: '2.3.5', scipy: '1.16.3' }
const points: Points = scatteredPoints(4000, seededRandom(5), 30)

describe('kMeans', () => {
  let python: string
  beforeAll(async () => {
    python = await virtualEnvironment(packages, (line) => console.warn(line))
  }, 300_000)

  it('leaves no more inertia than scikit-learn, and a hundredth', async () => {
    const directory = await mkdtemp(join(tmpdir(), 'isogloss-kmeans-'))
    await writeNpy(join(directory, 'x.npy'), unitVectors(points), [4000, 3])
    const program = `
import sys, numpy
from sklearn.cluster import KMeans
x = numpy.load(sys.argv[1])
print(min(KMeans(64, n_init=1, random_state=seed).fit(x).inertia_ for seed in (1, 2, 3)))`
    const theirs = Number(execFileSync(python, ['-c', program, join(directory, 'x.npy')], { encoding: 'utf8' }))
    await rm(directory, { recursive: true })
    let least = Infinity
    for (const seed of [1, 2, 3]) {
      const { inertia, centres } = await kMeans(points, { clusters: 64, seed }, quietContext)
      expect(centres.lat).toHaveLength(64)
      least = Math.min(least, inertia)
    }
    expect(least).toBeLessThanOrEqual(1.01 * theirs)
  }, 300_000)

  it('gives each place the nearest centre, and the same for a seed whatever the order of points', async () => {
    const { centres, clusterOfPoint } = await kMeans(points, { clusters: 30, seed: 7 }, quietContext)
    const [x, c] = [unitVectors(points), unitVectors(centres)]
    const squared = (i: number, k: number) =>
      [0, 1, 2].reduce((sum, a) => sum + (x[3 * i + a]! - c[3 * k + a]!) ** 2, 0)
    for (let i = 0; i < 4000; i += 37)
      for (let k = 0; k < 30; k++) expect(squared(i, clusterOfPoint[i]!)).toBeLessThanOrEqual(squared(i, k) + 1e-12)
    const order = Int32Array.from({ length: 4000 }, (_, i) => (i * 7) % 4000)
    const turned = {
      lat: Float64Array.from(order, (i) => points.lat[i]!),
      lon: Float64Array.from(order, (i) => points.lon[i]!),
    }
    const again = await kMeans(turned, { clusters: 30, seed: 7 }, quietContext)
    expect(again.centres).toEqual(centres)
  })

  it('makes no more clusters than there are places', async () => {
    const few = { lat: Float64Array.of(1, 1, 2, 3), lon: Float64Array.of(5, 5, 6, 7) }
    const { centres, clusterOfPoint, inertia } = await kMeans(few, { clusters: 10, seed: 1 }, quietContext)
    expect(centres.lat).toHaveLength(3)
    expect(new Set(clusterOfPoint).size).toBe(3)
    expect(inertia).toBeCloseTo(0, 20)
  })
})
