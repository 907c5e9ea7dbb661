import { cp, mkdir, mkdtemp, rm, truncate } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { labelSettings, type LabelSettings } from '#protocol/labels/labels.ts'
import { quietContext, type StageContext } from '#engine/context.ts'
import { readNpy, writeNpy, type NpyArray } from '#engine/files/npy.ts'
import { contains } from '#engine/geo/dissolveRings.ts'
import { haversineKm } from '#pure/greatCircle.ts'
import { mapBoxes } from '#engine/geo/mapBoxes.ts'
import type { Points } from '#engine/geo/points.ts'
import { pointsOf } from '#engine/geo/testPlaces.ts'
import { seededRandom } from '#engine/random.ts'
import { fitLabelSet } from './fitLabelSet.ts'
import { loadDocumentLabels, loadLabelSet, saveLabelSet } from './labelSetFiles.ts'
import { describeLabelSet } from './labelStatistics.ts'
import { territoriesGeoJson, type TerritoryFeature } from './territoriesGeoJson.ts'
import { scatteredPoints } from './testCorpora.ts'

const random = seededRandom(11)
const alps = scatteredPoints(3000, random, 25)
const fiji: Points = {
  lat: Float64Array.from({ length: 400 }, () => -17 + random.normal()),
  lon: Float64Array.from({ length: 400 }, () => {
    const lon = 180 + 2 * random.normal()
    return lon > 180 ? lon - 360 : lon
  }),
}
const arctic: Points = {
  lat: Float64Array.from({ length: 200 }, () => 90 - 25 * random.next()),
  lon: Float64Array.from({ length: 200 }, () => 360 * random.next() - 180),
}
const world: Points = {
  lat: Float64Array.from({ length: 600 }, () => (Math.asin(2 * random.next() - 1) * 180) / Math.PI),
  lon: Float64Array.from({ length: 600 }, () => 360 * random.next() - 180),
}

const everySettings: LabelSettings[] = [
  labelSettings.parse({ method: 'kd-tree', bucket: 40 }),
  labelSettings.parse({ method: 'kd-tree', bucket: 40, assign: 'nearest-median' }),
  labelSettings.parse({ method: 'point2city' }),
  labelSettings.parse({ method: 'point2city', merge: 'mutual', radiusKm: 150 }),
  labelSettings.parse({ method: 'k-means', clusters: 40 }),
  labelSettings.parse({ method: 'han-cities' }),
]
const cases = everySettings.flatMap((settings) =>
  Object.entries({ alps, fiji, arctic, world }).map(([place, points]) => {
    const { method, ...rest } = settings
    return [`${method} ${Object.values(rest).join(' ')}, ${place}`, settings, points] as const
  }),
)

function randomPlaces(points: Points, count: number): Points {
  const boxes = mapBoxes(points)
  const places = Array.from({ length: count }, () => {
    const { west, south, east, north } = boxes[random.below(boxes.length)]!
    return [south + (north - south) * random.next(), west + (east - west) * random.next()] as const
  })
  return pointsOf(...places)
}

test.each(cases)('%s: areas and borders are where assign says', async (_, settings, points) => {
  const set = await fitLabelSet(settings, points, quietContext)
  const places = randomPlaces(points, 400)
  const assigned = set.assign(places)
  const holders = (features: TerritoryFeature[], i: number) =>
    features.flatMap(({ properties, geometry }) =>
      geometry.coordinates
        .filter(([outline, ...holes]) => {
          const holds = (ring: number[][]) => contains(ring.slice(1).flat(), places.lon[i]!, places.lat[i]!)
          return holds(outline!) && !holes.some(holds)
        })
        .map(() => properties.index),
    )
  const { features } = territoriesGeoJson(set, points).collection
  const wrong = Array.from(places.lat.keys()).filter((i) => String(holders(features, i)) !== String(assigned[i]))
  // Sampled sides stray from the great circle by some hundredths of a degree: one place in a hundred may fall in between.
  expect(wrong.length).toBeLessThanOrEqual(places.lat.length / 100)

  const { vertices, starts } = set.borders(points)
  expect(starts[starts.length - 1]).toBe(vertices.length / 2)
  let checked = 0
  let crossed = 0
  for (let line = 0; line + 1 < starts.length; line++) {
    const k = (starts[line]! + starts[line + 1]! - 1) >> 1
    const [x1, y1, x2, y2] = vertices.subarray(2 * k, 2 * k + 4) as unknown as [number, number, number, number]
    const length = Math.hypot(x2 - x1, y2 - y1)
    // Single precision and the sampling allow for a hundredth of a degree; shorter sides tell nothing.
    if (length < 0.2 || Math.abs(y1 + y2) / 2 > 80) continue
    const [east, north] = [(-0.02 * (y2 - y1)) / length, (0.02 * (x2 - x1)) / length]
    const [lon, lat] = [(x1 + x2) / 2, (y1 + y2) / 2]
    const [a, b] = set.assign(pointsOf([lat + north, lon + east], [lat - north, lon - east]))
    checked++
    if (a !== b) crossed++
  }
  if (set.labels.length > 8) expect(checked).toBeGreaterThan(5)
  expect(crossed).toBeGreaterThanOrEqual(checked * 0.97)
})

test.each(cases)('%s: a saved set is the same when it is read', async (_, settings, points) => {
  const directory = await mkdtemp(join(tmpdir(), 'isogloss-labels-'))
  onTestFinished(() => rm(directory, { recursive: true }))
  const set = await fitLabelSet(settings, points, quietContext)
  await saveLabelSet(set, directory)
  const again = await loadLabelSet(directory)
  const {
    assign: _assign,
    borders: _borders,
    areas: _areas,
    touching: _touching,
    trainAssigned: _assigned,
    ...parts
  } = set
  expect(again).toMatchObject(parts)
  const places = randomPlaces(points, 200)
  expect(again.assign(places)).toEqual(set.assign(places))
  expect(again.borders(points)).toEqual(set.borders(points))
  expect(again.touching(points)).toEqual(set.touching(points))
})

test('a k-d set gives training points back their own cells, and names cells after cities', async () => {
  const set = await fitLabelSet(everySettings[0]!, alps, quietContext)
  expect(set.assign(alps)).toEqual(set.trainLabels)
  expect(set.reassigned).toBeNull()
  expect(set.labels[3]!.name).toBe(`k-d 3 · ${set.labels[3]!.city}`)
  expect(set.labels.reduce((sum, label) => sum + label.documents, 0)).toBe(3000)
})

test('nearest-median sends a place to the nearest median point and reports whom it sends elsewhere', async () => {
  const set = await fitLabelSet(everySettings[1]!, alps, quietContext)
  const assigned = set.assign(alps)
  for (let i = 0; i < 3000; i += 50) {
    const distances = set.labels.map(({ lat, lon }) => haversineKm(alps.lat[i]!, alps.lon[i]!, lat, lon))
    expect(distances[assigned[i]!]).toBeCloseTo(Math.min(...distances), 6)
  }
  const elsewhere = assigned.filter((label, i) => label !== set.trainLabels[i]).length
  expect(elsewhere).toBeGreaterThan(0)
  expect(set.reassigned).toBe(elsewhere / 3000)
})

test('centres are medians and mean vectors, over the antimeridian too', async () => {
  const points = pointsOf([-17, 179], [-16, -179], [-18, -178], [-17, -177])
  const { labels } = await fitLabelSet(labelSettings.parse({ method: 'kd-tree', bucket: 9 }), points, quietContext)
  expect(labels).toMatchObject([{ documents: 4, lat: -17, lon: -178.5, country: 'FJ' }])
  expect(labels[0]!.meanLon).toBeCloseTo(-178.75, 1)
  expect(labels[0]!.meanLat).toBeCloseTo(-17, 1)
})

test('figures: distances to centres and cities, sizes, and what a faultless classifier reaches', async () => {
  const train = pointsOf([46, 7], [46, 7.1], [46, 7.3], [47, 9], [47, 9.2])
  const set = await fitLabelSet(labelSettings.parse({ method: 'kd-tree', bucket: 3 }), train, quietContext)
  const figures = await describeLabelSet(
    set,
    'kd',
    { train, dev: pointsOf(), test: pointsOf([46, 7.1], [47, 12], [46, 7.1]) },
    quietContext,
  )
  const km = [haversineKm(46, 7, 46, 7.1), 0, haversineKm(46, 7.1, 46, 7.3), 0, 0]
  km[3] = km[4] = haversineKm(47, 9, 47, 9.1)
  const mean = (values: number[]) => values.reduce((sum, value) => sum + value, 0) / values.length
  expect(figures).toMatchObject({ name: 'kd', method: 'kd-tree', assign: 'cell', labelCount: 2, reassigned: null })
  expect(figures.sizes).toEqual([2, 2.25, 2.5, 2.75, 3])
  expect(figures.meanToCentreKm).toBeCloseTo(mean(km), 9)
  expect(figures.medianToCentreKm).toBeCloseTo(haversineKm(47, 9, 47, 9.1), 9)
  expect(figures.oracle.train!.meanErrorKm).toBeCloseTo(mean(km), 9)
  expect(figures.oracle.dev).toBeNull()
  const far = haversineKm(47, 12, 47, 9.1)
  expect(far).toBeGreaterThan(161)
  expect(figures.oracle.test).toEqual({
    accuracyAt161Km: 2 / 3,
    meanErrorKm: expect.closeTo(far / 3, 9),
    medianErrorKm: 0,
  })
  expect(figures.oracleMedianKm).toBe(0)
  const toCity = set.labels.map((label, i) => haversineKm(label.lat, label.lon, set.cities.lat[i]!, set.cities.lon[i]!))
  expect(figures.centreToCityKm).toBeCloseTo((3 * toCity[0]! + 2 * toCity[1]!) / 5, 9)
})

test('points of one place make one label, and its territory is the whole map', async () => {
  const points = pointsOf([46.95, 7.45], [46.95, 7.45])
  for (const settings of everySettings) {
    const set = await fitLabelSet(settings, points, quietContext)
    expect(set.labels).toMatchObject([{ city: 'Bern', documents: 2, lat: 46.95, lon: 7.45 }])
    expect([...set.assign(pointsOf([0, 0]))]).toEqual([0])
    expect(set.borders(points)).toEqual({ vertices: new Float32Array(0), starts: Uint32Array.of(0) })
    expect(territoriesGeoJson(set, points).collection.features[0]!.geometry.coordinates[0]![0]).toHaveLength(5)
    expect(
      (await describeLabelSet(set, 'one', { train: points, dev: null, test: null }, quietContext)).oracleMedianKm,
    ).toBe(0)
  }
})

test('what cannot be fitted is said', async () => {
  const p2c = labelSettings.parse({ method: 'point2city', minPopulation: 1e9 })
  await expect(fitLabelSet(p2c, alps, quietContext)).rejects.toMatchObject({ code: 'gazetteer/no-city' })
  await expect(fitLabelSet(everySettings[0]!, pointsOf(), quietContext)).rejects.toMatchObject({
    code: 'labels/no-points',
  })
  await expect(fitLabelSet(everySettings[0]!, pointsOf([91, 0]), quietContext)).rejects.toMatchObject({
    code: 'labels/bad-point',
  })
  await expect(fitLabelSet(everySettings[0]!, pointsOf([NaN, 0]), quietContext)).rejects.toMatchObject({
    code: 'labels/bad-point',
  })
  await expect(loadLabelSet('/nowhere')).rejects.toMatchObject({ code: 'file/damaged' })
})

test('a set that lost a file or half of one is refused', async () => {
  const directory = await mkdtemp(join(tmpdir(), 'isogloss-labels-'))
  onTestFinished(() => rm(directory, { recursive: true }))
  const whole = join(directory, 'whole')
  await mkdir(whole)
  await saveLabelSet(await fitLabelSet(everySettings[2]!, alps, quietContext), whole)
  for (const file of ['labels.json', 'sites.npy', 'siteLabels.npy', 'trainLabels.npy']) {
    const copy = `${directory}/copy-${file}`
    await cp(whole, copy, { recursive: true })
    await truncate(join(copy, file), 100)
    await expect(loadLabelSet(copy)).rejects.toMatchObject({ code: 'file/damaged' })
    await rm(join(copy, file))
    await expect(loadLabelSet(copy)).rejects.toMatchObject({ code: 'file/damaged' })
  }
})

test.each<[string, LabelSettings, string, (values: NpyArray, shape: number[]) => void]>([
  ['a circle', everySettings[0]!, 'tree.npy', (nodes) => (nodes[2] = 0)],
  ['a child that two nodes have', everySettings[0]!, 'tree.npy', (nodes) => (nodes[3 + 2] = nodes[2]!)],
  ['a child behind the last node', everySettings[0]!, 'tree.npy', (nodes) => (nodes[2] = 1e9)],
  ['a child between two nodes', everySettings[0]!, 'tree.npy', (nodes) => (nodes[2]! += 0.5)],
  ['another axis', everySettings[0]!, 'tree.npy', (nodes) => (nodes[0] = 2)],
  ['a split at no place', everySettings[0]!, 'tree.npy', (nodes) => (nodes[1] = NaN)],
  ['a label of no city', everySettings[0]!, 'tree.npy', (nodes) => (nodes[nodes.length - 2] = 1e6)],
  ['a split for the last cell', everySettings[0]!, 'tree.npy', (nodes) => (nodes[nodes.length - 3] = 0)],
  ['another shape', everySettings[0]!, 'tree.npy', (_, shape) => shape.reverse()],
  ['a label that there is not', everySettings[2]!, 'trainLabels.npy', (labels) => (labels[7] = 1e6)],
  ['a negative label', everySettings[2]!, 'siteLabels.npy', (labels) => (labels[0] = -1)],
  ['a site outside of the world', everySettings[2]!, 'sites.npy', (sites) => (sites[0] = 91)],
  ['a site nowhere', everySettings[2]!, 'sites.npy', (sites) => (sites[1] = NaN)],
])('a set with %s is refused', async (_, settings, file, change) => {
  const directory = await mkdtemp(join(tmpdir(), 'isogloss-labels-'))
  onTestFinished(() => rm(directory, { recursive: true }))
  await saveLabelSet(await fitLabelSet(settings, alps, quietContext), directory)
  const path = join(directory, file)
  const { values, shape } = await readNpy(path)
  change(values, shape)
  await writeNpy(path, values, shape)
  await expect(loadLabelSet(directory)).rejects.toMatchObject({
    code: 'file/damaged',
    message: expect.stringContaining(path) as string,
  })
})

test('labels of documents are as many as the documents, and each is one of the set', async () => {
  const directory = await mkdtemp(join(tmpdir(), 'isogloss-labels-'))
  onTestFinished(() => rm(directory, { recursive: true }))
  const path = join(directory, 'documents.npy')
  await writeNpy(path, Int32Array.of(0, 2, 1))
  expect(await loadDocumentLabels(directory, 3, 3)).toEqual(Int32Array.of(0, 2, 1))
  await expect(loadDocumentLabels(directory, 3, 2)).rejects.toThrow(
    `${path} cannot be used: number 1 of 3 is 2, expected -1 to 1`,
  )
  await expect(loadDocumentLabels(directory, 4, 3)).rejects.toThrow('its shape is (3), expected (4)')
})

test('reports its progress and lets a cancel in', async () => {
  const abort = new AbortController()
  const seen: number[] = []
  const context: StageContext = {
    ...quietContext,
    signal: abort.signal,
    report: ({ done }) => void (seen.push(done), abort.abort(new Error('stop'))),
  }
  await expect(fitLabelSet(everySettings[2]!, alps, context)).rejects.toThrow('stop')
  expect(seen).toHaveLength(1)
})
