import fc from 'fast-check'
import { expect, test } from 'vitest'
import { quietContext } from '#engine/context.ts'
import { haversineKm } from '#pure/greatCircle.ts'
import { awkwardPlace, pointsOf } from '#engine/geo/testPlaces.ts'
import { seededRandom } from '#engine/random.ts'
import { loadGazetteer } from '#engine/gazetteer/gazetteer.ts'
import { point2City } from './point2City.ts'
import { corpusPoints, scatteredPoints, shuffled, surveyPoints } from './testCorpora.ts'
import { gazetteerOf } from '#engine/gazetteer/testGazetteer.ts'

type Place = readonly [lat: number, lon: number]
interface Cluster {
  vector: [number, number, number]
  weight: number
  /** Which distinct places it holds. */
  places: number[]
}
const radians = Math.PI / 180
const anywhere = gazetteerOf({ lat: 0, lon: 0 })

/** The definition as it is told, with every distance computed; cluster of each place, southernmost first. */
function clustersBySlowDefinition(places: Place[], radiusKm: number, merge: 'nearest' | 'mutual'): number[] {
  const distinct = [...new Map(places.map(([lat, lon]) => [`${lat + 0},${lon + 0}`, [lat, lon] as const])).values()]
  distinct.sort((a, b) => a[0] - b[0] || a[1] - b[1])
  const placeOf = places.map((place) => distinct.findIndex((other) => place[0] === other[0] && place[1] === other[1]))
  let clusters = distinct.map(([lat, lon], place): Cluster => {
    const [phi, lambda] = [lat * radians, lon * radians]
    return {
      vector: [Math.cos(phi) * Math.cos(lambda), Math.cos(phi) * Math.sin(lambda), Math.sin(phi)],
      weight: placeOf.filter((other) => other === place).length,
      places: [place],
    }
  })
  for (;;) {
    const distance = (a: Cluster, b: Cluster) => {
      const chord = Math.hypot(...a.vector.map((value, axis) => value - b.vector[axis]!))
      return Math.round(2 * 6371 * Math.asin(Math.min(1, chord / 2)) * 1e6) / 1e6
    }
    const nearest = clusters.map((cluster, i) => {
      let best = -1
      let bestKm = radiusKm
      clusters.forEach((other, j) => {
        if (j !== i && distance(cluster, other) < bestKm) [best, bestKm] = [j, distance(cluster, other)]
      })
      return best
    })
    const links = nearest.map((other, i) => (merge === 'mutual' && nearest[other] !== i ? -1 : other))
    const group = clusters.map((_, i) => i)
    for (let changed = true; changed;) {
      changed = false
      links.forEach((other, i) => {
        if (other < 0 || group[i] === group[other]) return
        group[i] = group[other] = Math.min(group[i]!, group[other]!)
        changed = true
      })
    }
    const roots = [...new Set(group)].sort((a, b) => a - b)
    if (roots.length === clusters.length) break
    clusters = roots.map((root) => {
      const members = clusters.filter((_, i) => group[i] === root)
      if (members.length === 1) return members[0]!
      const sum = [0, 1, 2].map((axis) =>
        members.reduce((total, { vector, weight }) => total + weight * vector[axis]!, 0),
      )
      const vector = sum.map((value) => value / Math.hypot(...sum)) as Cluster['vector']
      return {
        vector,
        weight: members.reduce((total, { weight }) => total + weight, 0),
        places: members.flatMap((m) => m.places),
      }
    })
  }
  return placeOf.map((place) => clusters.findIndex((cluster) => cluster.places.includes(place)))
}

const merges = ['nearest', 'mutual'] as const
const lattice = fc
  .tuple(fc.integer({ min: -30, max: 30 }), fc.integer({ min: -30, max: 30 }))
  .map(([lat, lon]): Place => [lat / 50, lon / 50])
const places = fc.array(fc.oneof(awkwardPlace, lattice), { minLength: 1, maxLength: 60 })
const radius = fc.constantFrom(1, 11, 11.119493, 30, 500)

test.each(merges)('merge %s: the clusters of the slow definition', async (merge) => {
  await fc.assert(
    fc.asyncProperty(places, radius, async (all, radiusKm) => {
      const { clusterOfPoint } = await point2City(pointsOf(...all), { radiusKm, merge }, anywhere, quietContext)
      expect([...clusterOfPoint]).toEqual(clustersBySlowDefinition(all, radiusKm, merge))
    }),
  )
})

test.each(merges)('merge %s: the clusters of the slow definition on scattered towns', async (merge) => {
  const points = scatteredPoints(500, seededRandom(7))
  const all = Array.from(points.lat, (lat, i): Place => [lat, points.lon[i]!])
  const { clusterOfPoint } = await point2City(points, { radiusKm: 11, merge }, anywhere, quietContext)
  expect([...clusterOfPoint]).toEqual(clustersBySlowDefinition(all, 11, merge))
})

test.each(merges)(
  'merge %s: no two centroids are nearer than the radius; the order of rows does not matter',
  async (merge) => {
    const random = seededRandom(2)
    const points = scatteredPoints(4000, random, 40)
    const gazetteer = await loadGazetteer(15_000)
    const { centroids, clusterOfPoint, labelOfCluster, cityOfLabel } = await point2City(
      points,
      { radiusKm: 11, merge },
      gazetteer,
      quietContext,
    )
    const count = centroids.lat.length
    expect(count).toBeGreaterThan(40)
    let leastKm = Infinity
    for (let a = 0; a < count; a++) {
      for (let b = 0; b < a; b++) {
        leastKm = Math.min(
          leastKm,
          haversineKm(centroids.lat[a]!, centroids.lon[a]!, centroids.lat[b]!, centroids.lon[b]!),
        )
      }
    }
    expect(leastKm).toBeGreaterThan(11 - 1e-6)
    expect(new Set(cityOfLabel).size).toBe(cityOfLabel.length)
    expect(new Set(labelOfCluster).size).toBe(cityOfLabel.length)
    const other = shuffled(points, random)
    const again = await point2City(other.points, { radiusKm: 11, merge }, gazetteer, quietContext)
    expect(again.centroids).toEqual(centroids)
    expect(again.labelOfCluster).toEqual(labelOfCluster)
    expect([...again.clusterOfPoint]).toEqual(Array.from(other.order, (i) => clusterOfPoint[i]))
  },
)

test.each(merges)(
  'merge %s: centroids keep their distance, rows have no order, and one far away keeps to itself',
  async (merge) => {
    // Near 0, 0, along the antimeridian and round the south pole: none within 60 degrees of the place far away.
    const hundredth = (least: number, most: number) =>
      fc.integer({ min: 100 * least, max: 100 * most }).map((n) => n / 100)
    const here = fc.oneof(
      lattice,
      fc.tuple(hundredth(-1, 1), fc.oneof(hundredth(179, 180), hundredth(-180, -179))),
      fc.tuple(hundredth(-90, -89), hundredth(-180, 180)),
    )
    const far: Place = [75, -60]
    await fc.assert(
      fc.asyncProperty(
        fc.array(here, { minLength: 1, maxLength: 50 }),
        radius,
        fc.integer(),
        async (all, radiusKm, seed) => {
          const points = pointsOf(...all, far)
          const { centroids, clusterOfPoint } = await point2City(points, { radiusKm, merge }, anywhere, quietContext)
          const { lat, lon } = centroids
          for (let a = 0; a < lat.length; a++) {
            for (let b = 0; b < a; b++)
              expect(haversineKm(lat[a]!, lon[a]!, lat[b]!, lon[b]!)).toBeGreaterThan(radiusKm - 1e-6)
          }
          const own = clusterOfPoint[all.length]!
          expect(clusterOfPoint.filter((cluster) => cluster === own)).toHaveLength(1)
          expect([lat[own], lon[own]]).toEqual([expect.closeTo(far[0], 9), expect.closeTo(far[1], 9)])
          const other = shuffled(points, seededRandom(seed))
          const again = await point2City(other.points, { radiusKm, merge }, anywhere, quietContext)
          expect([...again.clusterOfPoint]).toEqual(Array.from(other.order, (i) => clusterOfPoint[i]))
          expect(again.centroids).toEqual(centroids)
        },
      ),
      { numRuns: 50 },
    )
  },
)

test('both signs of the antimeridian are one place, and so is every longitude at a pole', async () => {
  const points = pointsOf([10, 180], [10, -180], [90, 0], [90, 77], [-90, 180], [-90, -1])
  const { clusterOfPoint } = await point2City(points, { radiusKm: 1e-6, merge: 'nearest' }, anywhere, quietContext)
  expect([...clusterOfPoint]).toEqual([1, 1, 2, 2, 0, 0])
})

test('a place far from all others keeps to itself; the antimeridian and the pole divide nothing', async () => {
  const points = pointsOf([0, 179.98], [0, -179.98], [89.99, 0], [89.99, 180], [47, 8], [47, 8])
  const { centroids, clusterOfPoint } = await point2City(
    points,
    { radiusKm: 11, merge: 'nearest' },
    anywhere,
    quietContext,
  )
  expect([...clusterOfPoint]).toEqual([0, 0, 2, 2, 1, 1])
  expect(Math.abs(centroids.lon[0]!)).toBeCloseTo(180, 9)
  expect(centroids.lat[1]).toBeCloseTo(47, 12)
  expect(centroids.lat[2]).toBeCloseTo(90, 5)
})

test('clusters that share a city are one label', async () => {
  const gazetteer = gazetteerOf({ lat: 47, lon: 8 }, { lat: 46, lon: 6 })
  const points = pointsOf([47, 8], [47.3, 8], [46, 6])
  const { labelOfCluster, cityOfLabel } = await point2City(
    points,
    { radiusKm: 11, merge: 'nearest' },
    gazetteer,
    quietContext,
  )
  expect([...labelOfCluster]).toEqual([0, 1, 1])
  expect([...cityOfLabel]).toEqual([1, 0])
})

test('stops when it is told to', async () => {
  const context = { ...quietContext, signal: AbortSignal.abort(new Error('stop')) }
  await expect(point2City(pointsOf([0, 0]), { radiusKm: 11, merge: 'nearest' }, anywhere, context)).rejects.toThrow(
    'stop',
  )
})

const survey = 'harvard-dialect-survey/respondents.csv.gz'

test.for([
  ['smg/ch/dev.txt.gz', 'nearest', 34],
  ['smg/ch/dev.txt.gz', 'mutual', 39],
  ['smg/bcms/dev.txt.gz', 'nearest', 109],
  ['smg/bcms/dev.txt.gz', 'mutual', 111],
  [survey, 'nearest', 1617],
  [survey, 'mutual', 1822],
] as const)('%s, merge %s: %i labels', async ([file, merge, labels], { skip }) => {
  const points = file === survey ? surveyPoints(file) : corpusPoints(file)
  if (!points) return skip()
  const gazetteer = await loadGazetteer(15_000)
  const { cityOfLabel } = await point2City(points, { radiusKm: 11, merge }, gazetteer, quietContext)
  expect(cityOfLabel.length).toBe(labels)
})
