import type { Comparison } from '#protocol/comparison.ts'
import { alignedRows } from './alignedRows.ts'
import { rowName } from './rows.ts'

const percent = (share: number) => (100 * share).toFixed(1)

/** Coverage and size of regions, and how well probabilities are what they say, for a terminal; nothing where none was asked for. */
export function regionLines({ results }: Pick<Comparison, 'results'>): string[] {
  const told = results.flatMap((row) =>
    'regions' in row && row.regions && row.reliability
      ? [{ ...row, regions: row.regions, reliability: row.reliability }]
      : [],
  )
  if (told.length === 0) return []
  const regions = told.flatMap((row) =>
    row.regions.map(({ level, coverage, interval, medianAreaKm2, meanAreaKm2, beside }) => [
      rowName(row),
      percent(level),
      `${percent(coverage)} (${percent(interval[0])} to ${percent(interval[1])})`,
      medianAreaKm2.toFixed(0),
      meanAreaKm2.toFixed(0),
      ...beside.map((other) => `${percent(other.coverage)}, ${other.medianAreaKm2.toFixed(0)}`),
    ]),
  )
  const reliability = told.map((row) => {
    const { temperature, nll, brier, raw, calibrationError } = row.reliability
    return [
      rowName(row),
      temperature.toFixed(2),
      `${nll.toFixed(3)} (${raw.nll.toFixed(3)})`,
      `${brier.toFixed(3)} (${raw.brier.toFixed(3)})`,
      percent(calibrationError),
    ]
  })
  return [
    '',
    ...alignedRows(
      [
        ['', 'level %', 'held % (95 % by place)', 'median km2', 'mean km2', 'by probability', 'by threshold'],
        ...regions,
      ],
      1,
    ),
    'Regions hold their level for texts like those of this corpus, and for no others.',
    '',
    ...alignedRows(
      [['', 'temperature', 'NLL (before)', 'Brier (before)', 'error of "within 161 km" %'], ...reliability],
      1,
    ),
    '',
  ]
}
