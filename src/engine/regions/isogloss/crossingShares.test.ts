import { expect, it } from 'vitest'
import { seededRandom } from '#engine/random.ts'
import { equalAreaGrid } from '../equalAreaGrid.ts'
import { crossingShares } from './crossingShares.ts'

it('counts the draws that have both signs at the corners of a cell', () => {
  const places = { lat: Float64Array.of(40, 44), lon: Float64Array.of(0, 6) }
  const grid = equalAreaGrid(places, { cells: 12, isLand: null })
  const random = seededRandom(4)
  const nodes = Int32Array.from({ length: grid.columns * grid.rows }, (_, node) => node).filter(
    () => random.next() < 0.9,
  )
  const draws = Float32Array.from({ length: 50 * nodes.length }, () => random.normal() + 1)
  const shares = crossingShares(draws, nodes, grid)
  let cells = 0
  for (let row = 0; row < grid.rows; row++)
    for (let column = 0; column < grid.columns; column++) {
      const corners = [0, 1].flatMap((up) => [0, 1].map((right) => [column + right, row + up] as const))
      const inside = corners.every(([x, y]) => x < grid.columns && y < grid.rows)
      const at = corners.map(([x, y]) => nodes.indexOf(y * grid.columns + x))
      let crossed = 0
      if (inside && !at.includes(-1)) {
        cells++
        for (let draw = 0; draw < 50; draw++)
          if (new Set(at.map((i) => draws[draw * nodes.length + i]! > 0)).size === 2) crossed++
      }
      expect(shares[row * grid.columns + column]).toBeCloseTo(crossed / 50, 12)
    }
  expect(cells).toBeGreaterThan(20)
})
