import type {
  Comparison,
  ConditionResult,
  FloorResult,
  Interval,
  SettingValue,
  TestDescription,
  ToldMetric,
} from '#protocol/comparison.ts'
import { metricNames } from '#protocol/comparison.ts'
import { variantSuffix } from '../conditionKey.ts'
import { isShare } from '../metricRules.ts'

export type Row = ConditionResult | FloorResult

/** A setting in a cell; empty where the row does not depend on it. */
export function settingText(value: SettingValue | undefined): string {
  if (value === undefined) return ''
  return value === null ? 'left out' : Array.isArray(value) ? value.join(' ') : String(value)
}

/** The settings in which rows differ, in the order of their columns. */
export const settingCells = ({ settings = {} }: Comparison['results'][number], differing: string[]) =>
  differing.map((path) => settingText(settings[path]))

const floorNames = { 'median-point': 'training median point', 'largest-label': 'largest label' }

/** What a row is called: scheme, model and variant of the texts. */
export const rowName = (row: Row) => `${shortName(row)}${'runs' in row ? variantSuffix(row.preprocess) : ''}`

const shortName = ({ labels, model }: Row) =>
  model === 'median-point' || model === 'largest-label'
    ? `${labels ? `${labels} ` : ''}${floorNames[model as keyof typeof floorNames]}`
    : labels === null
      ? model
      : `${labels} ${model}`

/** As many digits as the interval deserves: the half-width's first digit, at least one decimal for shares. */
export function formatMetric(metric: ToldMetric, value: number | null, range?: Interval): string {
  if (value === null) return '-'
  const scale = isShare(metric) ? 100 : 1
  const half = range ? ((range[1] - range[0]) / 2) * scale : 0
  const digits = half > 0 ? Math.max(0, Math.min(2, -Math.floor(Math.log10(half)))) : 1
  const shown = (value * scale).toFixed(digits)
  return half > 0 ? `${shown} ±${half.toFixed(digits)}` : shown
}

export const isBest = (row: Row, metric: ToldMetric) =>
  'bestIn' in row && metric !== 'accuracyAtCountry' && row.bestIn.includes(metric)

/** The metrics that some rows tell: Acc@country where their documents lie in several. */
export const toldMetrics = (rows: Row[]): ToldMetric[] =>
  metricNames.flatMap((metric): ToldMetric[] =>
    metric === 'accuracyAt161Km' && rows.some((row) => row.accuracyAtCountry !== undefined)
      ? [metric, 'accuracyAtCountry']
      : [metric],
  )

/** What was tested, and how sure the figures are. */
export const testLine = (test: TestDescription) =>
  `Test: ${test.documents} documents; intervals of 95 % by ${test.resamples} resamples of ${test.clusters} ${test.unit}s.`

/** What was tested and how texts were read: without it no figure can be repeated. */
export function settingsLine({ settings, test }: Comparison): string {
  const { mentions, hashtags, placeNames, stopwords, replacementTokens, splitBy } = settings
  return (
    `${testLine(test)} ` +
    `Mentions ${mentions}, hashtags ${hashtags}, place names ${placeNames}, stop words ${stopwords}, replacement tokens ${replacementTokens}, split by ${splitBy}.`
  )
}
