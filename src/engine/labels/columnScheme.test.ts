import { expect, test } from 'vitest'
import { columnLabelSettings } from '#protocol/labels/column.ts'
import type { LabelRow } from '#protocol/labelSets.ts'
import { quietContext } from '#engine/context.ts'
import type { Points } from '#engine/geo/points.ts'
import { pointsOf } from '#engine/geo/testPlaces.ts'
import { seededRandom } from '#engine/random.ts'
import { haversineKm } from '#pure/greatCircle.ts'
import { fitLabelSet } from './fitLabelSet.ts'
import { labelsOfDocuments, unseenValues } from './labelsOfDocuments.ts'
import { describeLabelSet } from './labelStatistics.ts'
import { noLabel, type LabelledDocuments } from './scheme.ts'
import { sitesOfLabels } from './sitesOfLabels.ts'

const settings = columnLabelSettings.parse({ method: 'column', column: 'land' })
const withValues = (points: Points, ...of: string[]): LabelledDocuments => {
  const values = [...new Set(of)].filter((value) => value !== '')
  return { ...points, column: { values, codes: Int32Array.from(of, (value) => values.indexOf(value)) } }
}
const train = withValues(
  pointsOf([47, 8], [47.2, 8.4], [48, 9], [46, 7], [48.2, 9.4], [47, 8], [47, 8]),
  ...['Zürich', 'Zürich ', 'Aargau', '', 'Aargau', 'Zu\u0308rich', 'Aargau'],
)

test('a document has the label of its value, wherever it lies; without one it has none', async () => {
  const notes: string[] = []
  const context = { ...quietContext, note: (text: string) => void notes.push(text) }
  const set = await fitLabelSet(settings, train, context)
  // Blanks and letters that were typed otherwise make no other label.
  expect(set.labels.map(({ name, documents }) => [name, documents])).toEqual([
    ['Aargau', 3],
    ['Zürich', 3],
  ])
  expect([...set.trainLabels]).toEqual([1, 1, 0, noLabel, 0, 1, 0])
  expect([set.labels[0]!.lat, set.labels[0]!.lon]).toEqual([48, 9])
  expect(notes.join()).toMatch(/Column land: 2 values in 6 training documents/)
  // The last document of Aargau lies where two of Zürich do.
  expect(set.reassigned).toBeCloseTo(1 / 6)
  expect([...set.assign(pointsOf([46.9, 8], [48.1, 9.1]))]).toEqual([1, 0])

  const test = withValues(pointsOf([48, 9], [47, 8], [48, 9], [47, 8]), 'Zürich', 'Uri', '', 'Bern')
  expect([...(await labelsOfDocuments(set, test, quietContext))]).toEqual([1, noLabel, noLabel, noLabel])
  expect(unseenValues(set, test)).toEqual({ documents: 2, values: ['Bern', 'Uri'] })
  const summary = await describeLabelSet(set, 'land', { train, dev: null, test }, quietContext)
  expect(summary.unlabelled).toEqual({ train: 1, dev: 0, test: 3 })
  // The one that has a label lies at the centre of the other one.
  const { lat, lon } = set.labels[1]!
  expect(summary.oracle.test!.meanErrorKm).toBeCloseTo(haversineKm(48, 9, lat, lon))
})

test('a column without values, or with another one in each document, is refused', async () => {
  const points = pointsOf([47, 8], [47.2, 8.4], [48, 9])
  await expect(fitLabelSet(settings, withValues(points, '', ' ', ''), quietContext)).rejects.toMatchObject({
    code: 'labels/no-value',
  })
  await expect(fitLabelSet(settings, withValues(points, 'a', '', 'b'), quietContext)).rejects.toMatchObject({
    code: 'labels/one-each',
  })
  const notes: string[] = []
  const context = { ...quietContext, note: (text: string) => void notes.push(text) }
  await fitLabelSet(settings, withValues(points, 'a', 'a', 'b'), context)
  expect(notes.join()).toMatch(/less than two documents a label/)
})

test('labels do not depend on the order of rows', async () => {
  const order = [6, 2, 0, 5, 3, 1, 4]
  const { values, codes } = train.column!
  const other = {
    lat: Float64Array.from(order, (i) => train.lat[i]!),
    lon: Float64Array.from(order, (i) => train.lon[i]!),
    column: {
      values: values.toReversed(),
      codes: Int32Array.from(order, (i) => (codes[i]! < 0 ? -1 : values.length - 1 - codes[i]!)),
    },
  }
  const [a, b] = [await fitLabelSet(settings, train, quietContext), await fitLabelSet(settings, other, quietContext)]
  const row = ({ name, documents, lat, lon }: LabelRow) => ({ name, documents, lat, lon })
  expect(b.labels.map(row)).toEqual(a.labels.map(row))
  expect(b.rule).toEqual(a.rule)
  expect([...b.trainLabels]).toEqual(order.map((i) => a.trainLabels[i]))
})

test('of very many places the sites are medians of the commonest label of cells', async () => {
  const random = seededRandom(5)
  const count = 9000
  const points = {
    lat: Float64Array.from({ length: count }, () => 45 + 3 * random.next()),
    lon: Float64Array.from({ length: count }, () => 5 + 5 * random.next()),
  }
  const labels = Int32Array.from(points.lon, (lon) =>
    random.next() < 0.05 ? noLabel : random.next() < 0.1 ? 2 : lon < 7 ? 0 : 1,
  )
  const { sites, labelOfSite } = await sitesOfLabels(points, labels, 3, quietContext)
  expect(labelOfSite.length).toBeLessThan(4097)
  expect(labelOfSite.length).toBeGreaterThan(1000)
  // Nearly all of the west is the west's.
  let right = 0
  sites.lon.forEach((lon, i) => (right += labelOfSite[i] === (lon < 7 ? 0 : 1) ? 1 : 0))
  expect(right / labelOfSite.length).toBeGreaterThan(0.9)

  // Few places: each by itself, with the label that most documents there have.
  const few = {
    lat: points.lat.map((lat) => Math.round(lat * 4) / 4),
    lon: points.lon.map((lon) => Math.round(lon * 4) / 4),
  }
  const found = await sitesOfLabels(few, labels, 3, quietContext)
  const at = new Map<string, number[]>()
  few.lat.forEach((lat, i) => {
    if (labels[i] === noLabel) return
    const key = `${lat} ${few.lon[i]}`
    const counts = at.get(key) ?? [0, 0, 0]
    counts[labels[i]!]!++
    at.set(key, counts)
  })
  expect(found.labelOfSite).toHaveLength(at.size)
  found.labelOfSite.forEach((label, i) => {
    const counts = at.get(`${found.sites.lat[i]} ${found.sites.lon[i]}`)!
    expect(label).toBe(counts.indexOf(Math.max(...counts)))
  })
})
