import { describe, expect, it } from 'vitest'
import { quietContext } from '#engine/context.ts'
import { unitVectors } from '#engine/geo/unitVectors.ts'
import { seededRandom } from '#engine/random.ts'
import { chordKm } from './chords.ts'
import { geographyTest } from './geographyTest.ts'
import { drawSigns, signedSums } from './signedSums.ts'
import { plantedField } from './testing/plantedField.ts'

const options = { flips: 1999, seed: 5 }

describe('signed sums', () => {
  it('are what adding site by site gives', async () => {
    const random = seededRandom(3)
    const [sites, width] = [21, 11]
    const columns = Float64Array.from({ length: sites * width }, () => random.normal())
    const signs = drawSigns(sites, 40, random)
    const sums = await signedSums(columns, width, signs, quietContext)
    for (let draw = 0; draw < 40; draw++) {
      for (let k = 0; k < width; k++) {
        let sum = 0
        for (let i = 0; i < sites; i++)
          sum += ((signs.bytes[draw * signs.groups + (i >> 3)]! >> (i & 7)) & 1 ? 1 : -1) * columns[i * width + k]!
        expect(sums[draw * width + k]).toBeCloseTo(sum, 12)
      }
    }
  })
})

describe('the test of geography', () => {
  it('has the statistic of its formula, over pairs of different sites', async () => {
    const { sites } = plantedField({ sites: 60, informants: 300, siteEffectSd: 0.4, seed: 1 })
    const { statistic, bandwidthKm, withinSite } = await geographyTest(sites, options, quietContext)
    const weights = sites.informants.map((m) => 1 / (1 + (m - 1) * withinSite[0]!))
    const users = sites.users[0]!
    const share =
      weights.reduce((sum, w, i) => sum + w * users[i]!, 0) /
      weights.reduce((sum, w, i) => sum + w * sites.informants[i]!, 0)
    const r = weights.map((w, i) => w * (users[i]! - sites.informants[i]! * share))
    const vectors = unitVectors(sites)
    let expected = 0
    for (let i = 0; i < 60; i++)
      for (let j = 0; j < 60; j++)
        if (i !== j)
          expected += r[i]! * r[j]! * Math.exp(-(chordKm(vectors, i, vectors, j) ** 2) / (2 * bandwidthKm ** 2))
    // Features leave out a fiftieth of the kernel's trace at most.
    expect(Math.abs(statistic - expected)).toBeLessThan(0.03 * r.reduce((sum, value) => sum + value * value, 0))
  })

  it('finds a line that is there, with the same answer for the same seed', async () => {
    const { sites } = plantedField({ line: { widthKm: 50 }, sites: 80, informants: 300, siteEffectSd: 0.6, seed: 2 })
    const first = await geographyTest(sites, options, quietContext)
    expect(first.p).toBe(1 / 2000)
    expect(await geographyTest(sites, options, quietContext)).toEqual(first)
  })

  it('rejects fields without geography about as often as it says, also where sites have ways of their own', async () => {
    let rejected = 0
    for (let seed = 0; seed < 200; seed++) {
      const { sites } = plantedField({ sites: 60, informants: 600, siteEffectSd: seed % 2 ? 0.8 : 0, seed })
      if ((await geographyTest(sites, { flips: 199, seed }, quietContext)).p < 0.05) rejected++
    }
    // Of 200 exact tests at .05, 18 or more would reject once in a hundred.
    expect(rejected).toBeLessThan(18)
    expect(rejected).toBeGreaterThan(2)
  })

  it('says which difference it would have found: planted, it is found about four times in five', async () => {
    const { sites } = plantedField({ sites: 100, informants: 200, siteEffectSd: 0, seed: 7 })
    const { detectableDifference } = await geographyTest(sites, options, quietContext)
    expect(detectableDifference).toBeGreaterThan(0.1)
    expect(detectableDifference).toBeLessThan(0.5)
    let found = 0
    for (let seed = 0; seed < 60; seed++) {
      const { sites: planted } = plantedField({
        line: { widthKm: 0, plateaus: [0.5 - detectableDifference! / 2, 0.5 + detectableDifference! / 2] },
        sites: 100,
        informants: 200,
        siteEffectSd: 0,
        seed: 900 + seed,
      })
      if ((await geographyTest(planted, { flips: 499, seed }, quietContext)).p < 0.05) found++
    }
    expect(found).toBeGreaterThan(36)
  })
})
