import { describe, expect, it } from 'vitest'
import { quietContext } from '#engine/context.ts'
import { seededRandom } from '#engine/random.ts'
import { kernelSurface } from './kernelSurface.ts'
import { shareDifference } from './shareDifference.ts'
import type { SiteCounts } from './sites.ts'
import { studentQuantile } from './studentQuantile.ts'
import { plantedField } from './testing/plantedField.ts'

const options = { cells: 30, isLand: null, bandwidthKm: null, ofShares: true, level: 0.95, flips: 999, seed: 1 }

/** The informants of a planted field dealt into two groups; the second group's share is raised where `more` says by how much. */
function twoGroups(seed: number, more: (x: number, y: number) => number): [SiteCounts, SiteCounts] {
  const { sites, toPlane } = plantedField({
    line: { widthKm: 150 },
    sites: 150,
    informants: 1500,
    siteEffectSd: 0.5,
    seed,
  })
  const random = seededRandom(seed, 3)
  const empty = () => new Float64Array(sites.lat.length)
  const counts = [0, 1].map(() => ({ informants: empty(), users: empty() }))
  sites.lat.forEach((lat, i) => {
    const raised = more(...toPlane(lat, sites.lon[i]!))
    for (let m = 0; m < sites.informants[i]!; m++) {
      const group = random.next() < 0.4 ? 1 : 0
      counts[group]!.informants[i]!++
      // Whoever does not use it by nature does with this probability.
      if (m < sites.users[0]![i]! || (group === 1 && random.next() < raised)) counts[group]!.users[i]!++
    }
  })
  const used = ({ informants, users }: (typeof counts)[number]): SiteCounts => {
    const kept = [...informants.keys()].filter((i) => informants[i]! > 0)
    const at = (values: Float64Array) => Float64Array.from(kept, (i) => values[i]!)
    return { lat: at(sites.lat), lon: at(sites.lon), informants: at(informants), users: at(users) }
  }
  return [used(counts[0]!), used(counts[1]!)]
}

describe('the difference of two groups', () => {
  it('is that of their two surfaces with the same kernel', async () => {
    const groups = twoGroups(2, () => 0)
    const { grid, difference } = await shareDifference(groups, { ...options, bandwidthKm: 90 }, quietContext)
    const surfaces = await Promise.all(
      groups.map((one) =>
        kernelSurface(
          { ...one, users: [one.users, one.informants.map((m, i) => m - one.users[i]!)] },
          { cells: 30, isLand: null, bandwidthKm: 90, grid },
          quietContext,
        ),
      ),
    )
    const [first, second] = surfaces.map(({ shares }) => shares[0]!)
    let known = 0
    difference.forEach((value, node) => {
      const expected = first![node]! - second![node]!
      if (Number.isNaN(expected)) expect(value).toBeNaN()
      else {
        known++
        expect(value).toBeCloseTo(expected, 9)
      }
    })
    expect(known).toBeGreaterThan(100)
  })

  it('finds where one group says more, and nothing where both say the same', async () => {
    let [alike, found, covered, looked] = [0, 0, 0, 0]
    const rounds = Number(process.env.ISOGLOSS_DIFFERENCE_ROUNDS ?? 8)
    for (let seed = 1; seed <= rounds; seed++) {
      const same = await shareDifference(
        twoGroups(seed, () => 0),
        options,
        quietContext,
      )
      if (same.p! < 0.05) alike++
      same.difference.forEach((value, node) => {
        if (Number.isNaN(value) || same.halfWidth[node] === Infinity) return
        looked++
        if (Math.abs(value) <= same.halfWidth[node]!) covered++
      })
      const planted = await shareDifference(
        twoGroups(seed, () => 0.5),
        options,
        quietContext,
      )
      if (planted.p! < 0.05 && planted.simultaneous.includes(1)) found++
    }
    if (rounds > 100) console.log({ alike: alike / rounds, covered: covered / looked, found: found / rounds })
    // One in twenty: of eight at most two.
    expect(alike).toBeLessThanOrEqual(rounds / 4)
    expect(covered / looked).toBeGreaterThan(0.9)
    expect(found).toBeGreaterThan(0.9 * rounds)
  })

  it('says nothing where a group has nobody', async () => {
    const [first] = twoGroups(3, () => 0)
    const few = {
      lat: first.lat.slice(0, 2),
      lon: first.lon.slice(0, 2),
      informants: Float64Array.of(1, 1),
      users: Float64Array.of(1, 0),
    }
    const { p, pointwise } = await shareDifference([first, few], options, quietContext)
    expect(p).toBeNull()
    expect(pointwise.includes(1)).toBe(false)
  })
})

it("Student's quantiles are those of the tables", () => {
  for (const [degrees, quantile] of [
    [3, 3.182],
    [5, 2.571],
    [10, 2.228],
    [30, 2.042],
    [1000, 1.962],
  ] as const)
    expect(studentQuantile(0.975, degrees)).toBeCloseTo(quantile, degrees < 5 ? 1 : 2)
})
