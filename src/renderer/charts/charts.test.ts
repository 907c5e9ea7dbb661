import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { quantileOfSorted } from '#pure/quantiles.ts'
import { calmDomain, niceRange } from './calmDomain.ts'
import {
  cumulativeCurve,
  errorHistogram,
  shareUnder,
  sortedErrors,
  tailNumbers,
} from '#pure/charts/errorDistribution.ts'
import { decadeTicks, errorScale } from '#pure/charts/errorScale.ts'
import { linePath, stepPath } from './linePath.ts'
import { spreadLabels } from './spreadLabels.ts'

const errors = fc.array(fc.float({ min: 0, max: 20_000, noNaN: true }), { minLength: 1, maxLength: 80 })

describe('errors', () => {
  it('are counted strictly under a distance, like a scan', () => {
    fc.assert(
      fc.property(errors, fc.double({ min: 0, max: 20_000, noNaN: true }), (values, km) => {
        const sorted = sortedErrors(Float32Array.from(values))
        expect(shareUnder(sorted, km)).toBe(values.filter((value) => value < km).length / values.length)
      }),
      { seed: 1 },
    )
    expect(shareUnder(Float32Array.from([161]), 161)).toBe(0)
  })

  it('fill a histogram whose shares sum to 1 and a curve that only rises', () => {
    fc.assert(
      fc.property(errors, (values) => {
        const sorted = sortedErrors(Float32Array.from(values))
        const scale = errorScale(500, 20_000)
        const { edgesKm, shares } = errorHistogram(sorted, scale)
        expect(shares.reduce((a, b) => a + b, 0)).toBeCloseTo(1, 9)
        expect(edgesKm.length).toBe(shares.length + 1)
        const curve = cumulativeCurve(sorted, scale, 100)
        for (let i = 1; i < curve.length; i++) expect(curve[i]![1]).toBeGreaterThanOrEqual(curve[i - 1]![1])
      }),
      { seed: 2 },
    )
  })

  it('have the median of an even count between the middle two', () => {
    const sorted = sortedErrors(Float32Array.from([400, 100, 200, 10]))
    expect(quantileOfSorted(sorted, 0.5)).toBe(150)
    expect(tailNumbers(sorted)).toMatchObject({
      documents: 4,
      under25: 0.25,
      under161: 0.5,
      under1000: 1,
      medianKm: 150,
      meanKm: 177.5,
    })
    expect(tailNumbers(new Float32Array(0))).toBeNull()
  })
})

it('goes from km to pixels and back on a log axis with round ends', () => {
  const scale = errorScale(600, 3200)
  expect(scale.highKm).toBe(5000)
  expect(scale.x(0)).toBe(0)
  expect(scale.x(5000)).toBeCloseTo(600, 9)
  expect(scale.km(scale.x(161))).toBeCloseTo(161, 6)
  expect(decadeTicks(scale)).toEqual([1, 10, 100, 1000])
  expect(errorScale(600, 20_000).highKm).toBe(20_000)
})

describe('spreadLabels', () => {
  it('keeps labels apart, in order and inside when there is room', () => {
    fc.assert(
      fc.property(fc.array(fc.double({ min: -50, max: 250, noNaN: true }), { maxLength: 10 }), (wanted) => {
        const placed = spreadLabels(wanted, 14, 0, 200)
        const order = wanted.map((_, i) => i).sort((a, b) => wanted[a]! - wanted[b]! || a - b)
        for (let k = 1; k < order.length; k++)
          expect(placed[order[k]!]! - placed[order[k - 1]!]!).toBeGreaterThan(14 - 1e-6)
        for (const middle of placed) {
          expect(middle).toBeGreaterThanOrEqual(-1e-6)
          expect(middle).toBeLessThanOrEqual(200 + 1e-6)
        }
      }),
      { seed: 4 },
    )
  })

  it('leaves labels alone that do not touch', () => {
    expect(spreadLabels([10, 100, 50], 14, 0, 200)).toEqual([10, 100, 50])
    expect(spreadLabels([50, 50], 14, 0, 200)).toEqual([43, 57])
  })
})

describe('calmDomain', () => {
  it('changes an axis at most once a second, and then to the newest wish', () => {
    let { domain, againInMs } = calmDomain(null, [0, 1], 0)
    expect(againInMs).toBeNull()
    ;({ domain, againInMs } = calmDomain(domain, [0, 2], 400))
    expect([domain.high, againInMs]).toEqual([1, 600])
    ;({ domain, againInMs } = calmDomain(domain, [0, 3], 1000))
    expect([domain.high, againInMs]).toEqual([3, null])
  })

  it('holds every value between round ends', () => {
    fc.assert(
      fc.property(
        fc.array(fc.double({ min: -1e6, max: 1e6, noNaN: true }), { minLength: 1, maxLength: 20 }),
        (values) => {
          const [low, high] = niceRange(values, false)
          for (const value of values) expect(value >= low && value <= high).toBe(true)
          expect(high).toBeGreaterThan(low)
        },
      ),
      { seed: 6 },
    )
    expect(niceRange([312, 871], false)).toEqual([300, 900])
    expect(niceRange([], true)).toEqual([0, 1])
  })
})

it('breaks a line where there is no number and closes a histogram on its baseline', () => {
  expect(
    linePath([
      [0, 1],
      [1, Number.NaN],
      [2, 3],
      [3, 4],
    ]),
  ).toBe('M0.0,1.0M2.0,3.0L3.0,4.0')
  expect(stepPath([0, 5, 10], [3, 1], 8)).toBe('M0.0,8.0V3.0H5.0V1.0H10.0V8.0')
})
