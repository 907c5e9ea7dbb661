import fc from 'fast-check'
import { expect, it } from 'vitest'
import { hexagonTriangles, hexbin } from './hexbin.ts'

const extent = { minX: -50, minY: -50, maxX: 50, maxY: 50 }
const coordinate = fc.double({ min: -60, max: 60, noNaN: true })

it('counts each point of the extent in the nearest of all hexagon centres', () => {
  fc.assert(
    fc.property(
      fc.array(fc.tuple(coordinate, coordinate), { maxLength: 60 }),
      fc.double({ min: 2, max: 20, noNaN: true }),
      (points, radiusKm) => {
        const xy = Float32Array.from(points.flat())
        const bins = hexbin(xy, radiusKm, extent)
        const slow = new Map<string, number>()
        for (let i = 0; i < xy.length; i += 2) {
          const [x, y] = [xy[i]!, xy[i + 1]!]
          if (Math.abs(x) > 50 || Math.abs(y) > 50) continue
          let best = { key: '', distance: Infinity }
          for (let row = -40; row <= 40; row++) {
            for (let column = -40; column <= 40; column++) {
              const cx = (column + (row & 1) / 2) * radiusKm * Math.sqrt(3)
              const cy = row * radiusKm * 1.5
              const distance = (x - cx) ** 2 + (y - cy) ** 2
              if (distance < best.distance - 1e-9) best = { key: `${cx.toFixed(2)} ${cy.toFixed(2)}`, distance }
            }
          }
          slow.set(best.key, (slow.get(best.key) ?? 0) + 1)
        }
        const fast = new Map(
          Array.from(bins.counts, (count, i) => [
            `${bins.centres[2 * i]!.toFixed(2)} ${bins.centres[2 * i + 1]!.toFixed(2)}`,
            count,
          ]),
        )
        // Points on the very border of two hexagons may go either way; totals never differ.
        const total = (counts: Map<string, number>) => [...counts.values()].reduce((sum, count) => sum + count, 0)
        expect(total(fast)).toBe(total(slow))
        expect(fast.size).toBe(slow.size)
      },
    ),
    { seed: 3, numRuns: 60 },
  )
})

it('draws each hexagon with four triangles of the hexagon’s area', () => {
  const bins = hexbin(Float32Array.from([1, 1, 30, 30, 30.1, 30]), 10, extent)
  expect([...bins.counts].sort()).toEqual([1, 2])
  const vertices = hexagonTriangles(bins)
  expect(vertices.length).toBe(48)
  let area = 0
  for (let i = 0; i < 24; i += 6) {
    const [x1, y1, x2, y2, x3, y3] = [...vertices.subarray(i, i + 6)] as [
      number,
      number,
      number,
      number,
      number,
      number,
    ]
    area += Math.abs((x2 - x1) * (y3 - y1) - (x3 - x1) * (y2 - y1)) / 2
  }
  expect(area).toBeCloseTo(((3 * Math.sqrt(3)) / 2) * 9.6 ** 2, 2)
})
