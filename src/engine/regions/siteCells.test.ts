import { expect, it } from 'vitest'
import { seededRandom } from '#engine/random.ts'
import { cellsOfSites, mergeSites, mostSites } from './siteCells.ts'

it('takes as many sites as the world has together, losing nobody', () => {
  const random = seededRandom(2)
  const sites = 200_000
  const counts = {
    lat: Float64Array.from({ length: sites }, () => 180 * random.next() - 90),
    lon: Float64Array.from({ length: sites }, () => 360 * random.next() - 180),
    informants: Float64Array.from({ length: sites }, () => 1 + random.below(5)),
  }
  const users = [counts.informants.map((m) => Math.min(m, random.below(3)))]
  const cellOf = cellsOfSites(counts)
  const merged = mergeSites({ ...counts, users }, cellOf)
  const total = (values: Float64Array) => values.reduce((sum, value) => sum + value, 0)
  expect(merged.lat).toHaveLength(mostSites)
  expect(total(merged.informants)).toBe(total(counts.informants))
  expect(total(merged.users[0]!)).toBe(total(users[0]!))
  // Cells hold about as many: halves of halves, at most two to one, and a site more.
  expect(Math.max(...merged.informants) / Math.min(...merged.informants)).toBeLessThan(3)
  // They are numbered by their first sites.
  let next = 0
  for (const cell of cellOf) {
    expect(cell).toBeLessThanOrEqual(next)
    if (cell === next) next++
  }
}, 30_000)
