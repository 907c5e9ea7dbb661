import type { CorpusFormat } from '#protocol/experiment.ts'
import type { TextFile } from '../container/textFile.ts'
import { jsonLayout } from './json/jsonLayout.ts'
import { linesOf } from './lineRows.ts'
import { isMissing, isNumber } from './table/cells.ts'

const byExtension: [RegExp, CorpusFormat][] = [
  [/\.csv$/i, 'csv'],
  [/\.(tsv|tab)$/i, 'tsv'],
]

/** The format that a text has by its content; of tables the name decides, since it tells which delimiter to expect. */
export function guessTextFormat(file: TextFile, name: string): CorpusFormat {
  const json = jsonLayout(file.head)
  if (json) return json.format
  const named = byExtension.find(([pattern]) => pattern.test(name.replace(/\.(gz|zst|zip)$/i, '')))?.[1]
  if (named) return named
  const lines = linesOf(file.head, 100).filter((line) => line.trim() !== '')
  const rows = lines.slice(0, 20).map((line) => line.split('\t'))
  const votes = new Map<CorpusFormat, number>()
  for (const fields of rows) votes.set(formOf(fields), (votes.get(formOf(fields)) ?? 0) + 1)
  const [best = 'csv'] = [...votes].sort((a, b) => b[1] - a[1])[0] ?? []
  return (best === 'user-info' || best === 'lat-lon-text') && isTable(rows, best === 'user-info' ? 4 : 3) ? 'tsv' : best
}

function formOf(fields: string[]): CorpusFormat {
  const isDegrees = (field: string | undefined) => field !== undefined && isNumber(field)
  if (fields.length >= 4 && isDegrees(fields[1]) && isDegrees(fields[2])) return 'user-info'
  if (fields.length >= 3 && isDegrees(fields[0]) && isDegrees(fields[1])) return 'lat-lon-text'
  return fields.length > 1 ? 'tsv' : 'csv'
}

/** A header over the rows, or more fields in all of them than the form has, makes a table. */
function isTable(rows: string[][], count: number): boolean {
  const [first, ...rest] = rows as [string[], ...string[][]]
  const hasHeader =
    first.length === count &&
    rest.length > 0 &&
    first.slice(count - 3, -1).every((cell) => !isNumber(cell) && !isMissing(cell) && !/\d/.test(cell))
  return hasHeader || (rows.length > 1 && first.length > count && rest.every(({ length }) => length === first.length))
}
