import type { Granularity, LabelSize } from '#protocol/labelSets.ts'
import type { Experiment } from '#protocol/experiment.ts'

export type SweptMethod = LabelSize['method']
export const sweptMethods: readonly SweptMethod[] = ['kd-tree', 'point2city']

/** Mean distances of training points from their label's centre, km, in Fornaciari & Hovy 2019: TWITTER-US, then WORLD. */
export const paperMeanKm: Record<SweptMethod, [number, number]> = { 'kd-tree': [50, 40], point2city: [16, 7] }

/** What the chart shows of a size; the fold of the oracle is test, without it development, else training. */
export interface SweepMeasure {
  title: string
  unit: 'km' | 'share'
  value: (row: Granularity) => number
}

const oracleOf = ({ oracle }: Granularity) => (oracle.test ?? oracle.dev ?? oracle.train)!

export const sweepMeasures: readonly SweepMeasure[] = [
  { title: 'Point to centre, mean, km', unit: 'km', value: ({ meanToCentreKm }) => meanToCentreKm },
  { title: 'Oracle error, mean, km', unit: 'km', value: (row) => oracleOf(row).meanErrorKm },
  { title: 'Oracle Acc@161', unit: 'share', value: (row) => oracleOf(row).accuracyAt161Km },
]

export const sizeOf = (row: LabelSize): LabelSize =>
  row.method === 'kd-tree' ? { method: row.method, bucket: row.bucket } : { method: row.method, radiusKm: row.radiusKm }
export const settingOf = (size: LabelSize): number => (size.method === 'kd-tree' ? size.bucket : size.radiusKm)
export const sizeText = (size: LabelSize): string =>
  size.method === 'kd-tree' ? `bucket ${size.bucket.toLocaleString('en-US')}` : `${size.radiusKm} km`
export const keyOf = (size: LabelSize): string => `${size.method} ${settingOf(size)}`

export interface SweepLine {
  method: SweptMethod
  /** By rising number of labels. */
  rows: Granularity[]
}

export const sweepLines = (sweep: readonly Granularity[]): SweepLine[] =>
  sweptMethods.flatMap((method) => {
    const rows = sweep.filter((row) => row.method === method).sort((a, b) => a.labelCount - b.labelCount)
    return rows.length > 0 ? [{ method, rows }] : []
  })

/** The scheme of an experiment that a size belongs to: its first of the method. */
export function schemeNameOf({ labels }: Pick<Experiment, 'labels'>, method: SweptMethod): string | null {
  return Object.entries(labels).find(([, settings]) => settings.method === method)?.[0] ?? null
}

/** The swept size nearest to the experiment's own, by ratio; without one, that in the middle. */
export function firstSize({ method, rows }: SweepLine, experiment: Pick<Experiment, 'labels'> | null): LabelSize {
  const own = Object.values(experiment?.labels ?? {}).find((settings) => settings.method === method)
  const middle = rows[rows.length >> 1]!
  if (own?.method !== 'kd-tree' && own?.method !== 'point2city') return sizeOf(middle)
  const wanted = Math.log(settingOf(own))
  const away = (row: Granularity) => Math.abs(Math.log(settingOf(row)) - wanted)
  return sizeOf(rows.reduce((best, row) => (away(row) < away(best) ? row : best)))
}
