import { describe, expect, it } from 'vitest'
import { comparisonCsv } from '#pure/comparison/comparisonCsv.ts'
import { comparisonLatex } from '#pure/comparison/comparisonLatex.ts'
import { comparisonPicture } from '#pure/comparison/comparisonPicture.ts'
import { comparisonTable } from '#pure/comparison/comparisonTable.ts'
import { formatMetric } from '#pure/comparison/rows.ts'
import { median } from '#pure/quantiles.ts'
import type { Points } from '#engine/geo/points.ts'
import { quietContext } from '#engine/context.ts'
import { seededRandom } from '#engine/random.ts'
import { compareRuns, type ComparisonInput } from './compare.ts'
import { errorsKm, metricsOf } from './metrics.ts'

/** 200 documents on two places 300 km apart; a condition guesses right with its share. */
function inputOf(shares: Record<string, number>): ComparisonInput {
  const random = seededRandom(1)
  const places = [
    { lat: 40, lon: -80 },
    { lat: 42.7, lon: -80 },
  ]
  const trueLabel = Int32Array.from({ length: 200 }, () => random.below(2))
  const at = (labels: Int32Array) => ({
    lat: Float64Array.from(labels, (label) => places[label]!.lat),
    lon: Float64Array.from(labels, (label) => places[label]!.lon),
  })
  const training = {
    id: 'corpus',
    points: at(Int32Array.of(0, 0, 0, 1)),
    seenPlace: Uint8Array.from(trueLabel, (label) => 1 - label),
  }
  return {
    experiment: 'test & trial',
    synthetic: true,
    truth: at(trueLabel),
    units: { unit: 'document', clusterOf: Int32Array.from({ length: 200 }, (_, i) => i), clusters: 200 },
    conditions: Object.entries(shares).map(([name, share]) => {
      const [labels, model] = name.split('/') as [string, string]
      return {
        experiment: 'test & trial',
        training,
        labels,
        model,
        labelsMethod: labels === 'kd' ? 'kd-tree' : 'point2city',
        method: 'attention-cnn',
        tasks: model === 'mtl' ? ['labels', 'coordinates'] : ['labels'],
        scheme: { id: labels, count: 2, oracle: null, of: trueLabel, largest: { index: 0, ...places[0]! } },
        runs: [1, 2].map((seed) => {
          const predictedLabel = trueLabel.map((label) => (random.next() < share ? label : 1 - label))
          return {
            id: `${name}${seed}`,
            seed,
            predictedLabel,
            guess: at(predictedLabel),
            coordinatesHead: model === 'mtl' ? at(trueLabel) : null,
          }
        }),
      }
    }),
    settings: {
      mentions: 'keep',
      hashtags: 'keep',
      placeNames: 'keep',
      stopwords: 'none',
      replacementTokens: 'none',
      splitBy: 'author',
    },
    evaluation: { resamples: 400, seed: 1, contrasts: 'standard' },
  }
}

describe('metrics', () => {
  it('count errors strictly under 161 km and take the middle two', () => {
    const errors = Float64Array.of(160.999, 161, 500, 0)
    expect(metricsOf(errors, null)).toEqual({
      accuracy: null,
      accuracyAt161Km: 0.5,
      meanErrorKm: 205.49975,
      medianErrorKm: (160.999 + 161) / 2,
    })
    expect(median([3, 1, 2])).toBe(2)
    expect(
      errorsKm(
        { lat: Float64Array.of(0), lon: Float64Array.of(179.5) },
        { lat: Float64Array.of(0), lon: Float64Array.of(-179.5) },
      )[0],
    ).toBeCloseTo(111.19, 1)
  })
})

describe('compareRuns', () => {
  it('averages seeds, adds floors, and finds the difference that is there', async () => {
    const comparison = await compareRuns(inputOf({ 'kd/stl': 0.6, 'kd/mtl': 0.95, 'p2c/stl': 0.6 }), quietContext)
    expect(comparison.results.map(({ labels, model }) => `${labels}/${model}`)).toEqual([
      'kd/stl',
      'kd/mtl',
      'p2c/stl',
      'null/median-point',
      'kd/largest-label',
      'p2c/largest-label',
    ])
    const [stl, mtl] = comparison.results
    expect(mtl).toMatchObject({
      seeds: [1, 2],
      coordinatesHead: { medianErrorKm: 0 },
      seenPlaces: { documents: expect.any(Number) as number },
    })
    expect(mtl!.accuracy).toBeCloseTo(mtl!.accuracyAt161Km, 12)
    const [low, high] = mtl!.intervals.accuracyAt161Km!
    expect(low).toBeLessThan(mtl!.accuracyAt161Km)
    expect(high).toBeGreaterThan(mtl!.accuracyAt161Km)
    const pair = comparison.differences.find(
      ({ a, b, metric }) => a === 'kd/stl' && b === 'kd/mtl' && metric === 'accuracyAt161Km',
    )!
    expect(pair.difference).toBeCloseTo(mtl!.accuracyAt161Km - stl!.accuracyAt161Km, 12)
    expect(pair.p).toBeLessThan(0.01)
    expect(pair.pHolm).toBeGreaterThanOrEqual(pair.p)
    expect(comparison.differences.filter(({ metric }) => metric === 'accuracy')).toHaveLength(1)
    expect(comparison.results.map((row) => 'bestIn' in row && row.bestIn.includes('accuracyAt161Km'))).toEqual([
      false,
      true,
      false,
      false,
      false,
      false,
    ])
    expect(comparison.warnings.filter((warning) => warning.startsWith('kd/mtl')).join()).not.toMatch(/Acc@161/)
  })

  it('warns where a condition is no better than a constant', async () => {
    const { warnings } = await compareRuns(inputOf({ 'kd/stl': 0.5 }), quietContext)
    expect(warnings.join(' ')).toMatch(/kd\/stl is not surely better than the training median point in Acc@161/)
  })

  it('is written as text, LaTeX, CSV and a picture that hold the same rows', async () => {
    const comparison = await compareRuns(inputOf({ 'kd/stl': 0.6, 'kd/mtl': 0.95 }), quietContext)
    expect(comparisonTable(comparison)).toMatch(/kd mtl .*\*/)
    expect(comparisonTable(comparison)).toMatch(/synthetic corpus/)
    expect(comparisonLatex(comparison)).toMatch(/kd mtl & 2 & .*\\textbf/)
    expect(comparisonCsv(comparison).split('\n')).toHaveLength(5)
    expect(comparisonPicture(comparison)).toContain('test &amp; trial')
  })

  it('tells Acc@country where the documents lie in several, and nowhere else', async () => {
    const input = inputOf({ 'kd/stl': 0.6, 'kd/mtl': 0.95 })
    const find = ({ lat }: Points) => Array.from(lat, (degrees) => (degrees < 41 ? 'US' : 'CA'))
    const told = await compareRuns({ ...input, countries: { of: find(input.truth), find } }, quietContext)
    const ofOne = await compareRuns(input, quietContext)
    // Each place is a country of its own, 300 km from the other one.
    for (const row of told.results) {
      expect(row.accuracyAtCountry).toBe(row.accuracyAt161Km)
      expect(row.intervals.accuracyAtCountry).toEqual(row.intervals.accuracyAt161Km)
    }
    expect(told.differences).toEqual(ofOne.differences)
    for (const [write, column] of [
      [comparisonTable, 'Acc@country %'],
      [comparisonLatex, 'Acc@country (\\%)'],
      [comparisonCsv, 'accuracyAtCountry,accuracyAtCountryLow,accuracyAtCountryHigh'],
    ] as const) {
      expect(write(told)).toContain(column)
      expect(write(ofOne)).not.toMatch(/country/i)
    }
    expect(comparisonLatex(told)).toContain('{lrrrrrr}')
  })

  it('gives as many digits as the interval deserves', () => {
    expect(formatMetric('accuracyAt161Km', 0.44287, [0.433, 0.453])).toBe('44 ±1')
    expect(formatMetric('medianErrorKm', 512.34, [480, 540])).toBe('512 ±30')
    expect(formatMetric('medianErrorKm', 23.44, [22.9, 23.9])).toBe('23.4 ±0.5')
    expect(formatMetric('accuracy', null)).toBe('-')
  })
})
