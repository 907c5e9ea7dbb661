import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Feature, Polygon, Position } from 'geojson'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { polygonsSettings } from '#protocol/labels/polygons.ts'
import { quietContext } from '#engine/context.ts'
import { readNpy, writeNpy } from '#engine/files/npy.ts'
import { pointsOf } from '#engine/geo/testPlaces.ts'
import { seededRandom } from '#engine/random.ts'
import { fitLabelSet } from './fitLabelSet.ts'
import { loadLabelSet, saveLabelSet } from './labelSetFiles.ts'
import { describeLabelSet } from './labelStatistics.ts'
import { noLabel } from './scheme.ts'
import { territoriesGeoJson } from './territoriesGeoJson.ts'

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'isogloss-polygons-'))
})
afterAll(() => rm(folder, { recursive: true }))

const box = (west: number, south: number, east: number, north: number): Position[] => [
  [west, south],
  [west, north],
  [east, north],
  [east, south],
  [west, south],
]
const area = (properties: object, ...coordinates: Position[][]): Feature<Polygon> => ({
  type: 'Feature',
  properties,
  geometry: { type: 'Polygon', coordinates },
})
/** West with a hole, east beside it, an island of the west, one without a document. */
const features = [
  area({ name: 'West', land: 'a' }, box(6, 46, 8, 48), box(6.5, 46.5, 7, 47)),
  area({ name: 'Far', land: 'c' }, box(20, 60, 21, 61)),
  area({ name: 'East', land: 'b' }, box(8, 46, 10, 48)),
  area({ name: 'Island', land: 'a' }, box(12, 46, 13, 47)),
]
async function settingsOf(of: Feature[], more: object = {}, name = 'areas.geojson') {
  const file = join(folder, name)
  await writeFile(file, JSON.stringify({ type: 'FeatureCollection', features: of }))
  return polygonsSettings.parse({ method: 'polygons', file, ...more })
}
// In the west, the hole, the east, the island, outside of all.
const train = pointsOf([47.5, 7.5], [46.7, 6.7], [47, 9], [47.2, 9.2], [46.5, 12.5], [40, 0])

test('a document has the label of its area; outside of all, and in a hole, it has none', async () => {
  const notes: string[] = []
  const context = { ...quietContext, note: (text: string) => void notes.push(text) }
  const set = await fitLabelSet(await settingsOf(features), train, context)
  expect(set.labels.map(({ name, documents }) => [name, documents])).toEqual([
    ['West', 1],
    ['East', 2],
    ['Island', 1],
  ])
  expect([...set.trainLabels]).toEqual([0, noLabel, 1, 1, 2, noLabel])
  expect(set.settings).toMatchObject({ file: 'areas.geojson' })
  expect(notes.join()).toMatch(/4 areas named by the column name; 1 hold no training document/)
  const folds = { train, dev: pointsOf([60.5, 20.5]), test: pointsOf([47, 8.5], [0, 0]) }
  const summary = await describeLabelSet(set, 'areas', folds, quietContext)
  expect(summary.unlabelled).toEqual({ train: 2, dev: 1, test: 1 })
  // Of its two documents each is as far from the middle; the other labels have one each.
  expect(summary.meanToCentreKm).toBeGreaterThan(0)
  expect(summary.meanToCentreKm).toBeLessThan(14)
  expect(summary.oracle.dev).toBeNull()
  expect(summary.oracle.test!.accuracyAt161Km).toBe(1)
  expect(Number.isFinite(summary.centreToCityKm)).toBe(true)
})

test('areas of one value of a property are one label', async () => {
  const set = await fitLabelSet(await settingsOf(features, { by: 'land' }), train, quietContext)
  expect(set.labels.map(({ name, documents }) => [name, documents])).toEqual([
    ['a', 2],
    ['b', 2],
  ])
  await expect(fitLabelSet(await settingsOf(features, { by: 'nothing' }), train, quietContext)).rejects.toMatchObject({
    code: 'labels/no-property',
    message: expect.stringContaining('name, land') as string,
  })
})

test('areas of one name are told apart, lines are refused, and so is a map of elsewhere', async () => {
  const twins = features.map((feature, i) => ({ ...feature, id: i, properties: { name: 'Land' } }))
  const set = await fitLabelSet(await settingsOf(twins), train, quietContext)
  expect(set.labels.map(({ name }) => name)).toEqual(['Land (0)', 'Land (2)', 'Land (3)'])
  const line = { type: 'Feature', properties: {}, geometry: { type: 'LineString', coordinates: box(6, 46, 8, 48) } }
  await expect(fitLabelSet(await settingsOf([line as Feature]), train, quietContext)).rejects.toMatchObject({
    code: 'labels/no-areas',
  })
  await expect(fitLabelSet(await settingsOf([features[1]!]), train, quietContext)).rejects.toMatchObject({
    code: 'labels/all-outside',
  })
})

test('what is drawn and exported is what assign says; a saved set is the same when it is read', async () => {
  const set = await fitLabelSet(await settingsOf(features), train, quietContext)
  const { collection, leftOut } = territoriesGeoJson(set, train)
  expect(leftOut).toEqual([])
  expect(collection.features.map(({ geometry }) => geometry.coordinates.map((rings) => rings.length))).toEqual([
    [2],
    [1],
    [1],
  ])
  const again = await fitLabelSet(await settingsOf(collection.features, {}, 'again.geojson'), train, quietContext)
  const random = seededRandom(5)
  const places = pointsOf(
    ...Array.from({ length: 500 }, () => [45 + 4 * random.next(), 5 + 9 * random.next()] as const),
  )
  expect(again.assign(places)).toEqual(set.assign(places))

  // Crossing a border changes the label, and the common side of west and east is drawn once.
  const { vertices, starts } = set.borders(train)
  let common = 0
  for (let line = 0; line + 1 < starts.length; line++)
    for (let v = starts[line]!; v + 1 < starts[line + 1]!; v++) {
      const [x1, y1, x2, y2] = vertices.subarray(2 * v, 2 * v + 4) as unknown as [number, number, number, number]
      const [lon, lat] = [(x1 + x2) / 2, (y1 + y2) / 2]
      const nudge = x1 === x2 ? [0, 0.01] : [0.01, 0]
      const [a, b] = set.assign(pointsOf([lat + nudge[0]!, lon + nudge[1]!], [lat - nudge[0]!, lon - nudge[1]!]))
      expect(a).not.toBe(b)
      if (x1 === 8 && x2 === 8) common += Math.abs(y2 - y1)
    }
  expect(common).toBeCloseTo(2, 5)
  expect([...set.touching(train)]).toEqual([0, 1])

  const directory = await mkdtemp(join(folder, 'set-'))
  await saveLabelSet(set, directory)
  const read = await loadLabelSet(directory)
  expect(read.trainLabels).toEqual(set.trainLabels)
  expect(read.assign(places)).toEqual(set.assign(places))
  expect(read.rule).toEqual(set.rule)
})

test('a side has a vertex every degree whichever way its ring runs, since parallels bend on a map', async () => {
  const turned = features.map((feature) => ({
    ...feature,
    geometry: { ...feature.geometry, coordinates: feature.geometry.coordinates.map((ring) => ring.toReversed()) },
  }))
  for (const of of [features, turned]) {
    const { vertices, starts } = (await fitLabelSet(await settingsOf(of), train, quietContext)).borders(train)
    let longest = 0
    for (let line = 0; line + 1 < starts.length; line++)
      for (let v = starts[line]!; v + 1 < starts[line + 1]!; v++)
        longest = Math.max(
          longest,
          Math.abs(vertices[2 * v + 2]! - vertices[2 * v]!),
          Math.abs(vertices[2 * v + 3]! - vertices[2 * v + 1]!),
        )
    expect(longest).toBeCloseTo(1, 5)
  }
})

test.each([
  ['a label that there is not', 'rings.npy', (rows: Int32Array) => (rows[0] = 9)],
  ['a ring without a side', 'rings.npy', (rows: Int32Array) => (rows[2] = 1)],
  ['a polygon before its first', 'rings.npy', (rows: Int32Array) => (rows[1] = 1)],
  ['a vertex that is no place', 'ringVertices.npy', (rows: Float64Array) => (rows[3] = Number.NaN)],
  ['a training label below none', 'trainLabels.npy', (rows: Int32Array) => (rows[0] = -2)],
] as [string, string, (values: never) => void][])('%s is told as damage', async (_, name, damage) => {
  const set = await fitLabelSet(await settingsOf(features), train, quietContext)
  const directory = await mkdtemp(join(folder, 'damaged-'))
  await saveLabelSet(set, directory)
  const { values, shape } = await readNpy(join(directory, name))
  damage(values as never)
  await writeNpy(join(directory, name), values, shape)
  await expect(loadLabelSet(directory)).rejects.toMatchObject({ code: 'file/damaged' })
})
