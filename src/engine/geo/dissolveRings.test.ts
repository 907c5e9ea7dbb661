import fc from 'fast-check'
import { expect, test } from 'vitest'
import { contains, dissolveRings, nestRings } from './dissolveRings.ts'
import { signedArea } from './flatGeometry.ts'

const square = (x: number, y: number) => [x, y, x + 1, y, x + 1, y + 1, x, y + 1]
const cells = fc.uniqueArray(fc.tuple(fc.integer({ min: 0, max: 5 }), fc.integer({ min: 0, max: 5 })), {
  minLength: 1,
  selector: String,
})

test('squares of a grid become their outline, holes and touching corners included', () => {
  fc.assert(
    fc.property(cells, (chosen) => {
      const outlines = dissolveRings(chosen.map(([x, y]) => square(x, y)))
      const isChosen = (x: number, y: number) => chosen.some((cell) => cell[0] === x && cell[1] === y)
      let sides = 0
      for (const [x, y] of chosen) {
        for (const [dx, dy] of [
          [1, 0],
          [-1, 0],
          [0, 1],
          [0, -1],
        ] as const)
          if (!isChosen(x + dx, y + dy)) sides++
      }
      expect(outlines.reduce((sum, ring) => sum + ring.length / 2, 0)).toBe(sides)
      expect(outlines.reduce((sum, ring) => sum + signedArea(ring) / 2, 0)).toBe(chosen.length)
      const polygons = nestRings(outlines)
      expect(polygons.flat().length).toBe(outlines.length)
      for (let x = 0; x < 6; x++) {
        for (let y = 0; y < 6; y++) {
          const holding = polygons.filter(
            ([outline, ...holes]) =>
              contains(outline!, x + 0.5, y + 0.5) && !holes.some((hole) => contains(hole, x + 0.5, y + 0.5)),
          )
          expect(holding.length).toBe(isChosen(x, y) ? 1 : 0)
        }
      }
    }),
  )
})

test('corners that differ by rounding are one', () => {
  const shifted = square(1, 0).map((value) => value + 1e-12)
  expect(dissolveRings([square(0, 0), shifted])).toEqual([expect.objectContaining({ length: 12 })])
})

test('rings that do not fit together come back as they are', () => {
  const rings = [square(0, 0), [0, 0, 1, 0, 1, 1]]
  expect(dissolveRings(rings)).toBe(rings)
})
