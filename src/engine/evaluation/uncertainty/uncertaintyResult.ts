import type { Coverage, RegionResult, Reliability, UncertaintyResult } from '#protocol/comparison.ts'
import type { UncertaintySettings } from '#protocol/experiment.ts'
import { median } from '#pure/quantiles.ts'
import { mean } from '#engine/evaluation/scoreRuns.ts'
import { fitThresholds, regionsOfDocuments, type Calibration, type SaidWithChance } from './conformalRegions.ts'
import { coverageOf } from './coverage.ts'
import type { RegionRule } from './labelScores.ts'
import { scoresAt } from './temperature.ts'

/** A run that was calibrated, and what it says of the test documents. */
export interface CalibratedRun {
  calibration: Calibration
  test: SaidWithChance
  /** Of each test document: the probability that its place is within 161 km of the guess, and whether it is. */
  within161Km: { expected: Float64Array; observed: Uint8Array }
}

/** What the test documents' places are, in the order of the documents. */
export interface TestPlaces {
  /** Numbered from 0: documents of one coordinate are resampled together. */
  placeOf: Int32Array
  /** Inhabitants of the nearest settlement. */
  population: Float64Array
  /** Country and first-level division of it. */
  region: string[]
}

/** Classes of settlements, by inhabitants. */
const populations = [0, 10_000, 100_000, 1_000_000]
const reliabilityClasses = 10

/** Calibration and regions of a condition on the test fold, averaged over its runs. */
export function uncertaintyResult(
  runs: CalibratedRun[],
  { levels, perLabel }: Pick<UncertaintySettings, 'levels' | 'perLabel'>,
  places: TestPlaces,
): UncertaintyResult {
  const byRule = (rule: RegionRule) =>
    runs.map(({ calibration, test }) =>
      regionsOfDocuments(rule, test, calibration, fitThresholds(rule, calibration, levels, perLabel)),
    )
  const found = { area: byRule('area'), probability: byRule('probability'), threshold: byRule('threshold') }
  const all = Int32Array.from(places.placeOf.keys())
  const summary = (rule: RegionRule, level: number) => {
    const regions = found[rule].map((run) => run.get(level)!)
    const held = Float64Array.from(all, (i) => mean(regions.map((run) => run.held[i]!)))
    return {
      held,
      medianAreaKm2: mean(regions.map(({ areaKm2 }) => median(areaKm2))),
      meanAreaKm2: mean(regions.map(({ areaKm2 }) => mean(Array.from(areaKm2)))),
    }
  }
  const regions = levels.map((level): RegionResult => {
    const { held, ...areas } = summary('area', level)
    return {
      level,
      ...coverageOf(held, places.placeOf, all),
      ...areas,
      beside: (['probability', 'threshold'] as const).map((by) => {
        const { held: ownHeld, ...own } = summary(by, level)
        return { by, ...coverageOf(ownHeld, places.placeOf, all), ...own }
      }),
      ...coverageOfParts(held, places),
    }
  })
  return { reliability: reliabilityOf(runs), regions }
}

function coverageOfParts(
  held: Float64Array,
  { placeOf, population, region }: TestPlaces,
): Pick<RegionResult, 'bySettlement' | 'byRegion'> {
  const parts = <Key>(keyOf: (i: number) => Key): [Key, Coverage][] => {
    const members = new Map<Key, number[]>()
    placeOf.forEach((_, i) => {
      const own = members.get(keyOf(i))
      if (own) own.push(i)
      else members.set(keyOf(i), [i])
    })
    return [...members].map(([key, own]) => [key, coverageOf(held, placeOf, Int32Array.from(own))])
  }
  return {
    bySettlement: parts((i) => populations.findLast((from) => population[i]! >= from)!)
      .map(([population, coverage]) => ({ population, ...coverage }))
      .sort((a, b) => a.population - b.population),
    byRegion: parts((i) => region[i]!)
      .map(([region, coverage]) => ({ region, ...coverage }))
      .sort((a, b) => b.documents - a.documents || (a.region < b.region ? -1 : 1)),
  }
}

function reliabilityOf(runs: CalibratedRun[]): Reliability {
  const scored = runs.map(({ calibration: { temperature }, test }) => ({
    temperature,
    ...scoresAt(test, temperature),
    raw: scoresAt(test, 1),
  }))
  const average = (value: (run: (typeof scored)[number]) => number) => mean(scored.map(value))
  const within161Km = reliabilityClassesOf(runs.map((run) => run.within161Km))
  const documents = within161Km.reduce((sum, own) => sum + own.documents, 0)
  return {
    temperature: average((run) => run.temperature),
    nll: average((run) => run.nll),
    brier: average((run) => run.brier),
    raw: { nll: average((run) => run.raw.nll), brier: average((run) => run.raw.brier) },
    within161Km,
    calibrationError: within161Km.reduce(
      (sum, own) => sum + (own.documents * Math.abs(own.expected - own.observed)) / documents,
      0,
    ),
    calibrationDocuments: runs[0]!.calibration.documents.labels.length,
  }
}

/** The documents of all runs in the order of their probability, in classes of like size. */
function reliabilityClassesOf(runs: CalibratedRun['within161Km'][]): Reliability['within161Km'] {
  const pairs = runs
    .flatMap(({ expected, observed }) => Array.from(expected, (value, i) => [value, observed[i]!] as const))
    .sort((a, b) => a[0] - b[0] || a[1] - b[1])
  const classes = Math.min(reliabilityClasses, pairs.length)
  return Array.from({ length: classes }, (_, k) => {
    const own = pairs.slice(Math.floor((k * pairs.length) / classes), Math.floor(((k + 1) * pairs.length) / classes))
    return {
      documents: own.length,
      expected: mean(own.map(([expected]) => expected)),
      observed: mean(own.map(([, observed]) => observed)),
    }
  })
}
