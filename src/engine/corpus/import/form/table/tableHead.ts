import { columnNames } from './columnNames.ts'
import { isMissing, isNumber, isTyped, numericColumns } from './cells.ts'

export interface TableHead {
  columns: string[]
  header: boolean
  /** How many records come before the first row. */
  recordsBefore: number
  /** Which columns hold numbers. */
  numeric: boolean[]
  rowsSkipped: { reason: string; count: number }[]
  notes: string[]
}

/** A title over a table has a cell or two; it is one where the table has at least this many columns. */
const fewestUnderTitle = 3
const mostTitles = 20

/**
 * Finds where a table begins, whether it has a header, and what its columns are called.
 * @param records the first ones, blank ones left out
 * @param wanted whether there is a header, where the user has said so
 */
export function tableHead(records: string[][], wanted?: boolean): TableHead {
  const count = usualCount(records)
  const titles = titleCount(records, count)
  const table = records.slice(titles)
  const [first = [], ...others] = table
  const rest = others.filter(({ length }) => length >= count - 1)
  const header = wanted ?? looksLikeHeader(first, rest.length > 0 ? rest : others, count)
  const rowsSkipped = titles > 0 ? [{ reason: 'title', count: titles }] : []
  const notes =
    titles > 0 ? [`The first ${titles === 1 ? 'line is' : `${titles} lines are`} taken for a title of the table.`] : []
  const rows = header ? others : table
  if (!header) {
    if (wanted === undefined && table.length > 0) {
      notes.push(
        'The first line looks like a row, not like names of columns: columns are called by their number, 1, 2, .... If it does hold names, say so (--header yes, or corpus.header).',
      )
    }
    const columns = Array.from({ length: withoutEmptyEnd(rows, count) }, (_, index) => String(index + 1))
    return { columns, header, recordsBefore: titles, numeric: numericColumns(rows, columns.length), rowsSkipped, notes }
  }
  const names = columnNames(namesOf(first, rows, count, notes))
  return {
    columns: names.columns,
    header,
    recordsBefore: titles + 1,
    numeric: numericColumns(rows, names.columns.length),
    rowsSkipped,
    notes: [...notes, ...names.notes],
  }
}

/** The most common number of fields; of equally common ones the greatest. */
function usualCount(records: string[][]): number {
  const counts = new Map<number, number>()
  for (const { length } of records) counts.set(length, (counts.get(length) ?? 0) + 1)
  return [...counts].sort((a, b) => b[1] - a[1] || b[0] - a[0])[0]?.[0] ?? 0
}

/** How many lines over the table are titles: a cell or two, where the header has a cell for nearly every column. */
function titleCount(records: string[][], count: number): number {
  if (count < fewestUnderTitle) return 0
  const filled = (record: string[]) => record.filter((cell) => cell.trim() !== '').length
  const begins = records
    .slice(0, mostTitles + 1)
    .findIndex((record) => filled(record) > 2 || filled(record) >= count - 1)
  return begins > 0 && filled(records[begins]!) >= count - 1 ? begins : 0
}

/** Where columns hold numbers or dates, a header has words; a first row has such a value itself. */
function looksLikeHeader(first: string[], rows: string[][], count: number): boolean {
  if (rows.length === 0) return first.filter(isNumber).length < 2
  const columns = Array.from({ length: count }, (_, column) =>
    rows.map((row) => row[column] ?? '').filter((cell) => !isMissing(cell)),
  )
  const offset = first.length === count - 1 && !isTyped(first[0] ?? '') ? 1 : 0
  let [words, values] = [0, 0]
  columns.forEach((cells, column) => {
    const cell = first[column - offset] ?? ''
    if (cells.length === 0 || cells.filter(isTyped).length < 0.9 * cells.length || isMissing(cell)) return
    if (isTyped(cell)) values++
    else words++
  })
  // Names of years over columns of numbers are numbers; but latitude and longitude have words.
  return words > 0 || values === 0
}

/** Names for all fields of the rows: a header one short lacks the name of R's row names, or the rows end with a delimiter too many. */
function namesOf(first: string[], rows: string[][], count: number, notes: string[]): string[] {
  if (first.length === count - 1 && rows.some(({ length }) => length === count)) {
    if (withoutEmptyEnd(rows, count) < count) {
      notes.push('Rows end with a delimiter too many, which is left out.')
      return first
    }
    if (!mayBeRowNames(rows, count)) {
      notes.push(
        'Many rows have one field more than the header: it seems that a field holds the delimiter and does not stand in quotes. Rows with more fields are rejected; write the table again with quotes, or with another delimiter.',
      )
      return first
    }
    notes.push('Rows have one field more than the header: the first one is taken for row names, as R writes them.')
    return ['', ...first]
  }
  if (first.length < count && rows.some((row) => row.slice(first.length).some((cell) => cell.trim() !== '')))
    notes.push(
      `Rows have ${count} fields, the header names ${first.length}: what lies beyond is taken for further columns. If numbers have decimal commas, or texts hold the delimiter, these have to stand in quotes, or fields need another delimiter.`,
    )
  // A header that names the first columns alone leaves the others without names.
  return first.length < count
    ? [...first, ...new Array<string>(withoutEmptyEnd(rows, count) - first.length).fill('')]
    : first
}

/** Whether the first of `count` fields may be R's row names: in every row, distinct, and no fractions. */
function mayBeRowNames(rows: string[][], count: number): boolean {
  const names = rows.filter(({ length }) => length === count).map(([name = '']) => name.trim())
  const shorter = rows.filter(({ length }) => length === count - 1).length
  return (
    shorter <= 0.1 * rows.length &&
    new Set(names).size === names.length &&
    names.filter((name) => /^[-−]?\d+[.,]\d+$/.test(name)).length < 0.5 * names.length
  )
}

/** How many fields rows have if their last one, empty throughout, is not counted. */
function withoutEmptyEnd(rows: string[][], count: number): number {
  const full = rows.filter(({ length }) => length === count)
  return count > 1 && full.length > 0 && full.every((row) => row[count - 1]!.trim() === '') ? count - 1 : count
}
