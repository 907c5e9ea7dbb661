import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { quietContext } from '#engine/context.ts'
import { seededRandom } from '#engine/random.ts'
import { holm, interval, pairedP, resampleMetrics, type ScoredRun } from './bootstrap.ts'
import { metricsOf } from './metrics.ts'

/** The same resamples with every drawn document written out. */
function slowResample(runs: ScoredRun[], clusterOf: Int32Array, clusters: number, resamples: number, seed: number) {
  const random = seededRandom(seed, 9)
  return Array.from({ length: resamples }, () => {
    const drawn = Array.from({ length: clusters }, () => random.below(clusters))
    const rows = drawn.flatMap((cluster) => Array.from(clusterOf.keys()).filter((row) => clusterOf[row] === cluster))
    const metrics = runs.map(({ errorsKm, right, inCountry }) =>
      metricsOf(
        Float64Array.from(rows, (row) => errorsKm[row]!),
        Uint8Array.from(rows, (row) => right![row]!),
        Uint8Array.from(rows, (row) => inCountry![row]!),
      ),
    )
    const mean = (name: keyof (typeof metrics)[0]) =>
      metrics.reduce((sum, values) => sum + values[name]!, 0) / runs.length
    return {
      accuracy: mean('accuracy'),
      accuracyAt161Km: mean('accuracyAt161Km'),
      accuracyAtCountry: mean('accuracyAtCountry'),
      meanErrorKm: mean('meanErrorKm'),
      medianErrorKm: mean('medianErrorKm'),
    }
  })
}

describe('resampleMetrics', () => {
  it('is what resampling by hand gives', async () => {
    const run = fc.array(
      fc.record({
        errorKm: fc.integer({ min: 0, max: 400 }),
        right: fc.nat(1),
        country: fc.nat(1),
        other: fc.integer({ min: 0, max: 400 }),
        cluster: fc.nat(4),
      }),
      { minLength: 5, maxLength: 20 },
    )
    await fc.assert(
      fc.asyncProperty(run, async (documents) => {
        // Every unit has a document.
        const clusterOf = Int32Array.from(documents, ({ cluster }, i) => (i < 5 ? i : cluster))
        const right = Uint8Array.from(documents, (document) => document.right)
        const inCountry = Uint8Array.from(documents, ({ country }) => country)
        const runs = [
          { errorsKm: Float64Array.from(documents, ({ errorKm }) => errorKm), right, inCountry },
          { errorsKm: Float64Array.from(documents, ({ other }) => other), right, inCountry: inCountry.toReversed() },
        ]
        const [fast] = await resampleMetrics([runs], { clusterOf, clusters: 5, resamples: 20, seed: 4 }, quietContext)
        slowResample(runs, clusterOf, 5, 20, 4).forEach((slow, b) => {
          for (const name of [
            'accuracy',
            'accuracyAt161Km',
            'accuracyAtCountry',
            'meanErrorKm',
            'medianErrorKm',
          ] as const)
            expect(fast![name]![b]).toBeCloseTo(slow[name], 9)
        })
      }),
      { numRuns: 30 },
    )
  })
})

describe('the statistics', () => {
  it('take the percentiles of nearest rank', () => {
    expect(interval(Float64Array.from({ length: 1000 }, (_, i) => i + 1))).toEqual([25, 975])
  })

  it('count resampled differences that are as far from d as d from zero', () => {
    expect(pairedP(1, Float64Array.of(1, 1.2, 0.9, 2.5, -0.1))).toBeCloseTo(3 / 6, 12)
    expect(pairedP(0, Float64Array.of(0, 0, 0))).toBe(1)
  })

  it('correct by Holm, in any order', () => {
    expect(holm([0.01, 0.04, 0.03]).map((p) => Number(p.toFixed(6)))).toEqual([0.03, 0.06, 0.06])
    expect(holm([0.6, 0.7])).toEqual([1, 1])
    expect(holm([])).toEqual([])
  })
})
