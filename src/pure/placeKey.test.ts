import fc from 'fast-check'
import { expect, it } from 'vitest'
import { placeKey } from './placeKey.ts'

const sides = [-0.00004, -0, 0, 0.00004]

it('is one key on both sides of the equator and of Greenwich', () => {
  const keys = sides.flatMap((lat) => sides.map((lon) => placeKey(lat, lon)))
  expect(new Set(keys).size).toBe(1)
  expect(placeKey(51.4779, -0.00001)).toBe(placeKey(51.4779, 0.00001))
  expect(placeKey(-0.00006, 0)).not.toBe(placeKey(0, 0))
})

it('tells places apart that differ in the fourth decimal, wherever they are', () => {
  const tenThousandths = (most: number) => fc.integer({ min: -most * 10_000, max: most * 10_000 })
  fc.assert(
    fc.property(
      tenThousandths(90),
      tenThousandths(180),
      tenThousandths(90),
      tenThousandths(180),
      (lat, lon, otherLat, otherLon) => {
        const same = lat === otherLat && lon === otherLon
        expect(placeKey(lat / 10_000, lon / 10_000) === placeKey(otherLat / 10_000, otherLon / 10_000)).toBe(same)
      },
    ),
  )
})
