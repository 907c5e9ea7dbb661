import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Comparison, ConditionName, ConditionResult, Difference, MetricName } from '#protocol/comparison.ts'
import type { LabelMap } from '#protocol/labelSets.ts'
import type { RunErrors } from '#protocol/runs.ts'
import { comparisonCsv } from '#pure/comparison/comparisonCsv.ts'
import { isDashed, schemeRole } from '../colours/scheme.ts'
import { labelFinder } from '../maps/labelPlane.ts'
import { decimalsFor, formatKm, formatMetric, formatNumber, formatP } from '../text/format.ts'
import { columnRange, comparisonRows, metricsWithoutGain } from './comparison/comparisonTable.ts'
import { fullChange, markText, relativeWeights } from '../prediction/textMarks.ts'
import { lineOpacity, rowsByError, rowsToDraw } from './map/errorLines.ts'
import { firstPair, tailSeries } from '../charts/tailSeries.ts'

/** Names that say nothing: colours and dashes come from the methods. */
const nameOf = (labels: string, model: string): ConditionName => ({
  labels,
  model,
  labelsMethod: labels === 'p2c' ? 'point2city' : 'kd-tree',
  method: 'attention-cnn',
  tasks: model === 'mtl' ? ['labels', 'coordinates'] : ['labels'],
})

function condition(
  labels: string,
  model: string,
  [accuracy, accuracyAt161Km, meanErrorKm, medianErrorKm]: [number, number, number, number],
): ConditionResult {
  return {
    ...nameOf(labels, model),
    labelCount: 32,
    seeds: [1],
    accuracy,
    accuracyAt161Km,
    meanErrorKm,
    medianErrorKm,
    perSeed: [{ seed: 1, accuracy, accuracyAt161Km, meanErrorKm, medianErrorKm }],
    intervals: { meanErrorKm: [meanErrorKm - 10, meanErrorKm + 10] },
    bestIn: [],
    coordinatesHead: null,
    oracle: null,
    accuracyWithinKm: { 25: 0, 50: 0, 100: 0 },
    overOracleKm: null,
    seenPlaces: null,
    unseenPlaces: null,
    runs: [`${labels}-${model}`],
  }
}
function comparison(results: Comparison['results'], differences: Difference[]): Comparison {
  return {
    experiment: 'test',
    synthetic: true,
    results,
    differences,
    warnings: [],
    test: { documents: 100, unit: 'author', clusters: 100, resamples: 1000 },
    settings: {
      mentions: 'keep',
      hashtags: 'keep',
      placeNames: 'keep',
      stopwords: 'none',
      replacementTokens: 'none',
      splitBy: 'author',
    },
  }
}
const stl = condition('kd', 'stl', [0.3, 0.4, 900, 300])
const mtl = condition('kd', 'mtl', [0.35, 0.5, 800, 250])
const city = condition('p2c', 'mtl', [0.6, 0.45, 850, 280])
const floor = {
  labels: 'kd',
  model: 'largest-label' as const,
  labelsMethod: 'kd-tree' as const,
  method: null,
  tasks: [] as [],
  labelCount: 32,
  accuracy: 0.1,
  accuracyAt161Km: 0.55,
  meanErrorKm: 1500,
  medianErrorKm: 900,
  intervals: {},
}

describe('comparison table', () => {
  it('marks what the engine found to be best, and says where a floor is as good', () => {
    const rows = comparisonRows(comparison([floor, stl, { ...mtl, bestIn: ['meanErrorKm'] }, city], []))
    expect(rows.map(({ key }) => key)).toEqual(['kd/stl', 'kd/mtl', 'p2c/mtl', 'kd/largest-label'])
    const held = (metric: MetricName) => rows.filter(({ cells }) => cells[metric].holds).map(({ key }) => key)
    expect(held('meanErrorKm')).toEqual(['kd/mtl'])
    expect(held('medianErrorKm')).toEqual([])
    expect(metricsWithoutGain(rows)).toEqual(['accuracyAt161Km'])
  })

  it('gives each column one range that holds all of it', () => {
    const [low, high] = columnRange(comparisonRows(comparison([stl, mtl, floor], [])), 'meanErrorKm')
    expect(low).toBeLessThan(790)
    expect(high).toBeGreaterThan(910)
    // The floor at 1,500 km is too far off; one at 940 km is not.
    expect(high).toBeLessThan(1000)
    const near = columnRange(comparisonRows(comparison([stl, mtl, { ...floor, meanErrorKm: 940 }], [])), 'meanErrorKm')
    expect(near[1]).toBeGreaterThan(940)
    expect(columnRange([], 'accuracy')).toEqual([0, 1])
  })

  it('copies as CSV with every digit, floors included', () => {
    const lines = comparisonCsv(comparison([{ ...stl, labels: 'k,d' }, floor], []))
      .trimEnd()
      .split('\n')
    expect(lines[0]).toContain('meanErrorKm,meanErrorKmLow,meanErrorKmHigh')
    expect(lines[1]).toBe('"k,d",stl,32,1,0.3,,,0.4,,,900,890,910,300,,')
    expect(lines[2]).toMatch(/^kd,largest-label,32,,0.1/)
  })
})

describe('numbers', () => {
  it('have the digits that their interval deserves', () => {
    expect(formatMetric('accuracyAt161Km', 0.44287, [0.433, 0.453])).toBe('0.443')
    expect(formatMetric('medianErrorKm', 272.154, [260, 284])).toBe('272')
    expect(formatMetric('medianErrorKm', 22.64, [21.6, 23.7])).toBe('22.6')
    expect(formatMetric('meanErrorKm', 1640.16)).toBe('1,640')
    expect(decimalsFor([1, 1], 4, 3)).toBe(3)
  })

  it('have a true minus, no minus before zero, and a dash where there is none', () => {
    expect(formatNumber(-12.4, 0)).toBe('−12')
    expect(formatNumber(-0.2, 0)).toBe('0')
    expect(formatKm(null)).toBe('–')
    expect(formatKm(7.24)).toBe('7.2')
    expect([0.0001, 0.042, 0.113, 1].map(formatP)).toEqual(['<.001', '.042', '.11', '1'])
  })
})

it('keeps the meaning of colours and dashes', () => {
  expect([schemeRole('kd-tree'), schemeRole('point2city'), schemeRole(null)]).toEqual(['kd', 'p2c', 'ink'])
  expect([isDashed(['labels']), isDashed(['labels', 'coordinates']), isDashed(['coordinates'])]).toEqual([
    true,
    false,
    true,
  ])
})

describe('markText', () => {
  const span = fc.tuple(fc.nat(60), fc.nat(12)).map(([start, length]) => ({ start, end: start + length }))
  it('keeps the text whole and never parts a letter from its marks', () => {
    fc.assert(
      fc.property(
        fc
          .array(fc.constantFrom('a', 'é', 'e\u0301', 'ש\u05b8', 'ก็', '👍🏽', '🇨🇭', ' ', 'ü'), { maxLength: 20 })
          .map((letters) => letters.join('')),
        fc.array(span, { maxLength: 8 }),
        fc.array(span, { maxLength: 8 }),
        (text, positions, words) => {
          const pieces = markText(text, {
            attention: positions.map((s) => ({ ...s, weight: 1, seesStart: 0, seesEnd: 0 })),
            occlusion: words.map((s) => ({ ...s, change: 0 })),
          })
          expect(pieces.map((piece) => piece.text).join('')).toBe(text)
          for (const { text: piece } of pieces) {
            expect(piece.length).toBeGreaterThan(0)
            expect(piece).not.toMatch(/^[\p{M}\ufe0f\u200d]/u)
            expect(piece).not.toMatch(/^[\ud800-\udbff]?$|^[\udc00-\udfff]/)
          }
        },
      ),
      { seed: 8, numRuns: 300 },
    )
  })

  it('gives every letter its word and its position', () => {
    const pieces = markText('grüezi mitenand', {
      attention: [{ start: 0, end: 15, weight: 1, seesStart: 0, seesEnd: 15 }],
      occlusion: [
        { start: 0, end: 6, change: -1 },
        { start: 7, end: 99, change: 0.5 },
      ],
    })
    expect(pieces.map(({ text, word, position }) => [text, word, position])).toEqual([
      ['grüezi', 0, 0],
      [' ', -1, 0],
      ['mitenand', 1, 0],
    ])
    expect(markText('', null)).toEqual([])
  })

  it('measures attention against the uniform weight and shades noise palely', () => {
    const at = { start: 0, end: 1, seesStart: 0, seesEnd: 1 }
    expect(
      relativeWeights([
        { ...at, weight: 0.75 },
        { ...at, weight: 0.25 },
      ]),
    ).toEqual([1.5, 0.5])
    expect(fullChange([{ start: 0, end: 1, change: 0.01 }])).toBe(0.5)
    expect(fullChange([{ start: 0, end: 1, change: -1.7 }])).toBe(2)
  })
})

it('draws errors shortest first, few strongly and many faintly', () => {
  const rising = rowsByError(Float32Array.from([300, 5, Number.NaN, 20]))
  expect([...rising]).toEqual([1, 3, 0])
  expect([...rowsToDraw(rising, 2, 'longest')]).toEqual([3, 0])
  expect([...rowsToDraw(rising, 9, 'shortest')]).toEqual([1, 3, 0])
  expect(lineOpacity(10)).toBeGreaterThan(lineOpacity(5000))
})

it('finds a label by name before index before city', () => {
  const row = (index: number, name: string, cityName: string) => ({
    index,
    name,
    city: cityName,
    country: 'CH',
    documents: 1,
    lat: 0,
    lon: 0,
    meanLat: 0,
    meanLon: 0,
  })
  const find = labelFinder({ labels: [row(0, 'a', 'Bern'), row(1, 'Bern', 'Biel')] } as LabelMap)
  expect([find('Bern')?.index, find('0')?.index, find('Biel')?.index, find('Genf')]).toEqual([1, 0, 1, undefined])
})

describe('error tails', () => {
  const run = (labels: string, model: string, seed: number): RunErrors => ({
    run: { id: `${labels}-${model}-${seed}`, experiment: 'test', ...nameOf(labels, model), seed, status: 'finished' },
    documents: 2,
    rows: Int32Array.of(0, 1),
    errorKm: Float32Array.of(30, 10),
    labels: null,
    guessedLabels: null,
    trueLonLat: new Float32Array(4),
    guessLonLat: new Float32Array(4),
  })

  it('begin with the other scheme of one model, else with another model, else with another seed', () => {
    const [stl, mtl, again, city] = [
      run('kd', 'stl', 1),
      run('kd', 'mtl', 1),
      run('kd', 'stl', 2),
      run('p2c', 'stl', 1),
    ]
    expect(firstPair([stl, mtl, again, city])).toEqual([0, 3])
    expect(firstPair([stl, again, mtl])).toEqual([0, 2])
    expect(firstPair([stl, again])).toEqual([0, 1])
    expect(firstPair([stl])).toEqual([0, 0])
  })

  it('tell two runs apart that would look and be called alike', () => {
    const [first, second] = tailSeries([run('kd', 'mtl', 1), run('kd', 'mtl', 2)])
    expect([first?.name, second?.name]).toEqual(['kd / mtl, seed 1', 'kd / mtl, seed 2'])
    expect(first?.colour).not.toBe(second?.colour)
    expect(tailSeries([run('kd', 'stl', 1), run('kd', 'mtl', 1)]).map(({ dash }) => dash)).toEqual(['6 3', null])
  })
})
