import { parse } from 'csv-parse/sync'
import type { InputLine } from './inputLines.ts'

/** A record of a table, or why there is none, at the line that it begins in. */
export type CsvRecord = { line: number; fields: string[] } | { line: number; problem: string }

const delimiters = [',', ';', '\t', '|']
/** A quote that is not closed within so many lines never is. */
const mostLines = 50

/** A table of standard input: the header is there at once, the records come as the lines do. */
export interface CsvTable {
  columns: string[]
  delimiter: string
  records: AsyncGenerator<CsvRecord>
}

/**
 * Reads a table with a header. Its delimiter is the one whose header has the wanted column, else the one that finds most
 * columns; a line "sep=;" names it. Where tabs part fields, quotes are letters.
 * @returns null where there is no line
 */
export async function csvTable(lines: AsyncGenerator<InputLine>, wanted: string): Promise<CsvTable | null> {
  let head = await nextLine(lines)
  const named = /^sep=(.)$/.exec(head?.text ?? '')?.[1]
  if (named !== undefined) head = await nextLine(lines)
  if (!head) return null
  const headers = (named === undefined ? delimiters : [named]).map((delimiter) => ({
    delimiter,
    columns: (fieldsOf(head.text, delimiter) ?? head.text.split(delimiter)).map((column) => column.trim()),
  }))
  const rank = ({ columns }: { columns: string[] }) =>
    columns.length + (columns.includes(wanted) ? head.text.length + 1 : 0)
  const { columns, delimiter } = headers.reduce((best, header) => (rank(header) > rank(best) ? header : best))
  return { columns, delimiter, records: recordsOf(lines, delimiter, columns.length) }
}

async function nextLine(lines: AsyncGenerator<InputLine>): Promise<InputLine | null> {
  const { value, done } = (await lines.next()) as IteratorResult<InputLine, void>
  return done ? null : value
}

/** Records may hold line breaks in quotes; lines that a stray quote would swallow are read each for itself. */
async function* recordsOf(
  lines: AsyncGenerator<InputLine>,
  delimiter: string,
  count: number,
): AsyncGenerator<CsvRecord> {
  let pending: InputLine[] = []
  /** Takes records off the pending lines; `isEnd`: no more will come. */
  function* take(isEnd: boolean): Generator<CsvRecord> {
    for (let used = 1; used <= pending.length; used++) {
      const { line } = pending[0]!
      const fields = fieldsOf(
        pending
          .slice(0, used)
          .map(({ text }) => text)
          .join('\n'),
        delimiter,
        used > 1,
      )
      const whole = used === 1 || fields?.length === count ? fields : null
      const isLost = !whole && (fields !== null || used === mostLines || (isEnd && used === pending.length))
      if (!whole && !isLost) continue
      if (!whole) yield { line, problem: 'has a quote that is not closed' }
      else if (whole.length > count) yield { line, problem: `has ${whole.length} fields, expected ${count}` }
      else if (used > 1 || pending[0]!.text.trim() !== '')
        yield { line, fields: [...whole, ...Array<string>(count - whole.length).fill('')] }
      pending = pending.slice(whole ? used : 1)
      used = 0
    }
  }
  for await (const line of lines) {
    pending.push(line)
    yield* take(false)
  }
  yield* take(true)
}

/** Null where a quote is not closed; `isStrict`: or stands where none may. */
function fieldsOf(text: string, delimiter: string, isStrict = false): string[] | null {
  if (delimiter === '\t' || !text.includes('"')) return text.split(delimiter)
  try {
    return (parse(text, { delimiter, relax_quotes: !isStrict, relax_column_count: true }) as string[][])[0] ?? []
  } catch {
    return null
  }
}

/** A line of a table. */
export function csvLine(fields: readonly (string | number)[], delimiter: string): string {
  const written = (field: string) =>
    field.includes(delimiter) || /["\r\n]|^\s|\s$/.test(field) ? `"${field.replaceAll('"', '""')}"` : field
  return fields.map((field) => written(String(field))).join(delimiter)
}
