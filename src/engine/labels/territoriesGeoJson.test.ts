import { describe, expect, it } from 'vitest'
import { labelSettings } from '#protocol/labels/labels.ts'
import { quietContext } from '#engine/context.ts'
import { signedArea } from '#engine/geo/flatGeometry.ts'
import { pointsOf } from '#engine/geo/testPlaces.ts'
import { seededRandom } from '#engine/random.ts'
import type { LabelSet } from './assembleLabelSet.ts'
import { fitLabelSet } from './fitLabelSet.ts'
import { territoriesGeoJson } from './territoriesGeoJson.ts'

const random = seededRandom(7)
const places = {
  pacific: pointsOf(
    ...Array.from(
      { length: 300 },
      () => [-17 + 3 * random.normal(), ((2 * random.normal() + 360) % 360) - 180] as const,
    ),
  ),
  world: pointsOf(...Array.from({ length: 300 }, () => [180 * random.next() - 90, 360 * random.next() - 180] as const)),
  line: pointsOf(...Array.from({ length: 60 }, (_, i) => [46, 7 + i / 10] as const)),
}

describe('territoriesGeoJson', () => {
  it.each(Object.entries(places))('has rings that maps can draw: %s', async (_, points) => {
    for (const settings of [
      { method: 'kd-tree', bucket: 8 },
      { method: 'kd-tree', bucket: 8, assign: 'nearest-median' },
      { method: 'point2city' },
    ]) {
      const set = await fitLabelSet(labelSettings.parse(settings), points, quietContext)
      const { collection, leftOut } = territoriesGeoJson(set, points)
      expect(collection.features.length + leftOut.length).toBe(set.labels.length)
      expect(collection.features.length).toBeGreaterThan(0)
      for (const { geometry } of collection.features) {
        expect(geometry.coordinates).not.toEqual([])
        for (const polygon of geometry.coordinates) {
          polygon.forEach((ring, k) => {
            expect(ring.length).toBeGreaterThanOrEqual(4)
            expect(ring.at(-1)).toEqual(ring[0])
            expect(ring.every(([lon, lat]) => Math.abs(lon!) <= 180 && Math.abs(lat!) <= 90)).toBe(true)
            expect(Math.sign(signedArea(ring.flat()))).toBe(k === 0 ? 1 : -1)
          })
        }
      }
    }
  })

  it('leaves out and names what has no area, or less than the decimals show', async () => {
    const points = pointsOf([46, 7], [46, 7], [47, 8], [47, 8], [48, 9])
    const set = await fitLabelSet(labelSettings.parse({ method: 'kd-tree', bucket: 2 }), points, quietContext)
    const [first, ...others] = set.areas(points)
    const tiny = [7, 46, 7 + 1e-9, 46, 7, 46 + 1e-9]
    const shrunk: LabelSet = { ...set, assign: set.assign.bind(set), areas: () => [[tiny], [], ...others.slice(1)] }
    const { collection, leftOut } = territoriesGeoJson(shrunk, points)
    expect(first).not.toEqual([])
    expect(leftOut.map(({ index }) => index)).toEqual([0, 1])
    expect(collection.features.map(({ id }) => id)).toEqual(set.labels.slice(2).map(({ index }) => index))
  })
})
