import { describe, expect, it } from 'vitest'
import { seededRandom } from '#engine/random.ts'
import { fitThresholds, regionsOfDocuments, type Calibration, type SaidWithChance } from './conformalRegions.ts'
import { halveByUnit } from './halveByUnit.ts'
import { labelScores, regionOf, thresholdOf, type RegionRule } from './labelScores.ts'
import { fitTemperature, probabilitiesAt, scoresAt, type Said } from './temperature.ts'
import { uniformOfText } from './uniformOfText.ts'

const labelCount = 12
/** Small territories are many people's, as in towns. */
const areasKm2 = Float64Array.from({ length: labelCount }, (_, label) => 10 * 1.6 ** label)

/** Documents of a classifier that knows the true probabilities, and says them sharpened by a factor. */
function saidOf(documents: number, seed: number, sharpened = 1): SaidWithChance {
  const random = seededRandom(seed)
  const logProbabilities = new Float32Array(documents * labelCount)
  const labels = new Int32Array(documents)
  const uniform = new Float64Array(documents)
  for (let i = 0; i < documents; i++) {
    const raw = Float64Array.from({ length: labelCount }, () => Math.exp(1.5 * random.normal()))
    const sum = raw.reduce((total, value) => total + value, 0)
    let left = random.next() * sum
    labels[i] = raw.findIndex((value) => (left -= value) < 0)
    const said = raw.map((value) => value ** sharpened)
    const saidSum = said.reduce((total, value) => total + value, 0)
    said.forEach((value, label) => (logProbabilities[i * labelCount + label] = Math.log(value / saidSum)))
    uniform[i] = random.next()
  }
  return { labelCount, logProbabilities, labels, uniform }
}

const shareHeld = (held: Uint8Array) => held.reduce((sum, value) => sum + value, 0) / held.length
const meanOf = (values: Float64Array) => values.reduce((sum, value) => sum + value, 0) / values.length

describe('temperature', () => {
  it('undoes what made a classifier too sure, and no neighbouring temperature is likelier', () => {
    const said = saidOf(4000, 1, 2.5)
    const temperature = fitTemperature(said)
    expect(temperature).toBeCloseTo(2.5, 0)
    const { nll, brier } = scoresAt(said, temperature)
    expect(nll).toBeLessThan(scoresAt(said, 1).nll)
    expect(brier).toBeLessThan(scoresAt(said, 1).brier)
    for (const factor of [0.98, 1.02]) expect(scoresAt(said, temperature * factor).nll).toBeGreaterThan(nll)
  })

  it('scores are those of the definitions, and documents without a label do not count', () => {
    const said: Said = {
      labelCount: 2,
      logProbabilities: Float32Array.from([0.8, 0.2, 0.5, 0.5, 0.1, 0.9].map(Math.log)),
      labels: Int32Array.of(0, -1, 0),
    }
    const { nll, brier } = scoresAt(said, 1)
    expect(nll).toBeCloseTo(-(Math.log(0.8) + Math.log(0.1)) / 2, 6)
    expect(brier).toBeCloseTo((2 * 0.2 ** 2 + 2 * 0.9 ** 2) / 2, 6)
    expect(fitTemperature({ ...said, labels: Int32Array.of(-1, -1, -1) })).toBe(1)
    expect(Array.from(probabilitiesAt(said, 0, 1e9))).toEqual([
      expect.closeTo(0.5, 6) as number,
      expect.closeTo(0.5, 6) as number,
    ])
  })
})

describe('regions', () => {
  it('scores are those of the slow definition: what is before a label, and a chance share of its own', () => {
    const random = seededRandom(7)
    for (let trial = 0; trial < 50; trial++) {
      const raw = Float64Array.from({ length: labelCount }, () => random.next())
      const sum = raw.reduce((total, value) => total + value, 0)
      const p = raw.map((value) => value / sum)
      const u = random.next()
      for (const rule of ['area', 'probability', 'threshold'] as RegionRule[]) {
        const { scores, order } = labelScores(rule, p, areasKm2, u)
        const rank = (label: number) => (rule === 'probability' ? p[label]! : p[label]! / areasKm2[label]!)
        for (let label = 0; label < labelCount; label++) {
          const before = Array.from(p.keys()).filter((other) => rank(other) > rank(label))
          const expected =
            rule === 'threshold'
              ? -Math.log(rank(label))
              : before.reduce((total, other) => total + p[other]!, 0) + u * p[label]!
          expect(scores[label]).toBeCloseTo(expected, 12)
        }
        for (let place = 1; place < labelCount; place++)
          expect(scores[order[place]!]!).toBeGreaterThanOrEqual(scores[order[place - 1]!]!)
      }
    }
  })

  it('the threshold is the ceil((m + 1) level)-th score, and there is none where documents are too few', () => {
    const scores = Array.from({ length: 99 }, (_, i) => 99 - i)
    expect(thresholdOf(scores, 0.9)).toBe(90)
    expect(thresholdOf(scores, 0.901)).toBe(91)
    expect(thresholdOf(scores, 0.5)).toBe(50)
    expect(thresholdOf([1, 2, 3], 0.9)).toBe(Infinity)
    expect(thresholdOf([], 0.5)).toBe(Infinity)
  })

  it('always holds the first label', () => {
    const scores = labelScores('area', Float64Array.of(0.2, 0.8), Float64Array.of(1, 1), 0.99)
    expect(Array.from(regionOf(scores, Float64Array.of(0.1, 0.1)))).toEqual([1])
  })

  it('hold their level within a hundredth, whatever the classifier is sure of; by area they are smaller', () => {
    const calibration: Calibration = { temperature: 1, areasKm2, documents: saidOf(20_000, 2, 2) }
    const test = saidOf(20_000, 3, 2)
    const found = (rule: RegionRule, level: number) => {
      const thresholds = fitThresholds(rule, calibration, [level], false)
      const { held, areaKm2 } = regionsOfDocuments(rule, test, calibration, thresholds).get(level)!
      return { coverage: shareHeld(held), areaKm2: meanOf(areaKm2) }
    }
    // The first label always enters: where it alone is more than half, 50 % are more.
    expect(found('area', 0.9).coverage).toBeCloseTo(0.9, 1)
    expect(Math.abs(found('area', 0.9).coverage - 0.9)).toBeLessThan(0.01)
    expect(Math.abs(found('threshold', 0.9).coverage - 0.9)).toBeLessThan(0.01)
    expect(found('area', 0.9).areaKm2).toBeLessThan(found('probability', 0.9).areaKm2)
    expect(found('threshold', 0.9).areaKm2).toBeLessThan(found('probability', 0.9).areaKm2)
  })

  it('by label hold their level within every label, which one threshold does not', () => {
    // One label is told badly: its documents look like those of the others.
    const blur = (said: SaidWithChance): SaidWithChance => {
      const logProbabilities = said.logProbabilities.slice()
      said.labels.forEach((label, i) => {
        if (label === labelCount - 1) logProbabilities[i * labelCount + label]! -= 3
      })
      return { ...said, logProbabilities }
    }
    const calibration: Calibration = { temperature: 1, areasKm2, documents: blur(saidOf(30_000, 4)) }
    const test = blur(saidOf(30_000, 5))
    const coverageOfLast = (perLabel: boolean) => {
      const thresholds = fitThresholds('area', calibration, [0.9], perLabel)
      const { held } = regionsOfDocuments('area', test, calibration, thresholds).get(0.9)!
      return shareHeld(held.filter((_, i) => test.labels[i] === labelCount - 1))
    }
    expect(coverageOfLast(false)).toBeLessThan(0.85)
    expect(coverageOfLast(true)).toBeGreaterThan(0.88)
  })

  it('a place that the scheme has no label for is in none', () => {
    const documents = saidOf(9, 6)
    documents.labels.fill(-1)
    const calibration: Calibration = { temperature: 1, areasKm2, documents }
    const thresholds = fitThresholds('area', calibration, [0.5], false)
    expect(thresholds.get(0.5)![0]).toBe(Infinity)
    const { held } = regionsOfDocuments('area', documents, calibration, thresholds).get(0.5)!
    expect(shareHeld(held)).toBe(0)
  })
})

it('a half holds whole units and about half of the documents', () => {
  const clusterOf = Int32Array.from({ length: 900 }, (_, i) => Math.floor(i / 3))
  const second = halveByUnit(clusterOf, 300)
  expect(shareHeld(second)).toBeCloseTo(0.5, 2)
  clusterOf.forEach((cluster, i) => expect(second[i]).toBe(second[3 * cluster]))
})

it('the chance of a text is its own and uniform', () => {
  const values = Array.from({ length: 2000 }, (_, i) => uniformOfText(Buffer.from(`text ${i}`)))
  expect(uniformOfText(Buffer.from('text 5'))).toBe(values[5])
  expect(Math.min(...values)).toBeGreaterThanOrEqual(0)
  for (const share of [0.1, 0.5, 0.9])
    expect(values.filter((value) => value < share).length / 2000).toBeCloseTo(share, 1)
})
