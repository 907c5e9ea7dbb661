import { isTyped, looksLikeRow, numericColumns } from './cells.ts'
import { splitRecord, type Dialect, type QuoteCounts } from './splitRecord.ts'

export interface Record {
  /** Line in which it begins, counted from 1. */
  line: number
  fields: string[]
}

export interface Sniffed {
  dialect: Dialect
  /** Records of the sample in it, blank lines left out. */
  records: Record[]
}

interface Fit extends Sniffed {
  counts: QuoteCounts
  /** Rows that quotes swallow: lines inside a field that are rows by themselves. */
  swallowed: number
  /** Share of records with the most common number of fields, short ones counted as half. */
  consistency: number
  columns: number
  score: number
}

export interface SniffOptions {
  delimiter?: string | undefined
  quote?: string | undefined
  /** The delimiter that the file's name or format promises: taken where others do not fit better. */
  expected: string
}

/** A table's records that are looked at, and lines that one of them may take. */
const looked = 400
const longestRecord = 200
const delimiters = ['\t', ',', ';', '|', '\x01', '^', '~', ':', ' ']

/**
 * Finds how a table is written: of all dialects the one in which the sample's records have the same number of fields, and
 * fields that are numbers or dates (after van den Burg, Nazabal and Sutton 2019, whose data consistency is the product of
 * such a pattern and type score). The header counts like any other line.
 * @param lines of the sample, without comments before the table; the first has number `firstLine`
 */
export function sniffDialect(lines: string[], firstLine: number, options: SniffOptions): Sniffed {
  const found = (options.delimiter === undefined ? delimiters : [options.delimiter]).map((delimiter) =>
    bestQuoting(lines, firstLine, delimiter, options),
  )
  const preference = (fit: Fit) =>
    fit.score *
    (fit.dialect.delimiter === options.expected
      ? 1.2
      : fit.dialect.delimiter === ' ' || fit.dialect.delimiter === ':'
        ? 0.5
        : 1)
  const fitting = found.filter(({ columns }) => columns > 1)
  if (fitting.length === 0) return found.find(({ dialect }) => dialect.delimiter === options.expected) ?? found[0]!
  return fitting.reduce((best, next) => (preference(next) > preference(best) ? next : best))
}

/** Whether quotes part fields with this delimiter or are letters in them, and how they are escaped. */
function bestQuoting(lines: string[], firstLine: number, delimiter: string, { quote }: SniffOptions): Fit {
  const fit = (dialect: Omit<Dialect, 'delimiter'>) => fitOf(lines, firstLine, { delimiter, ...dialect })
  const bare = fit({ quote: null, escape: null })
  if (bare.columns < 2 && !lines.some((line) => line.includes(delimiter))) return bare
  const hasBackslashes = lines.some((line) => line.includes('\\'))
  if (quote === 'none')
    return hasBackslashes && isDump(lines, delimiter) ? fit({ quote: null, escape: 'backslash' }) : bare
  const quotes = quote === undefined ? ['"', "'"] : [quote]
  for (const mark of quotes) {
    if (
      !lines.some(
        (line) =>
          line.startsWith(mark) || line.includes(`${delimiter}${mark}`) || line.includes(`${delimiter} ${mark}`),
      )
    )
      continue
    const doubled = fit({ quote: mark, escape: 'doubled' })
    const backslash = lines.some((line) => line.includes(`\\${mark}`))
      ? fit({ quote: mark, escape: 'backslash' })
      : doubled
    const quoted =
      badness(backslash) < badness(doubled) ||
      (badness(backslash) === badness(doubled) && backslash.consistency > doubled.consistency)
        ? backslash
        : doubled
    if (quote !== undefined || isQuoted(quoted, bare, mark)) return quoted
  }
  if (hasBackslashes && isDump(lines, delimiter)) return fit({ quote: null, escape: 'backslash' })
  // Later lines may have quotes of which the sample has none; in fields between tabs, quotes are letters until they are seen to part.
  const hasQuotes = lines.some((line) => line.includes('"'))
  return hasQuotes || delimiter === '\t' ? bare : fit({ quote: '"', escape: 'doubled' })
}

const badness = ({ counts, swallowed }: Fit) => counts.misplaced + swallowed

/** Quotes part fields where some had to be quoted, or there is a quoted one in every row, and few are out of place. */
function isQuoted(quoted: Fit, bare: Fit, mark: string): boolean {
  const throughout = quoted.counts.quoted >= Math.max(2, quoted.records.length - 1) ? quoted.counts.quoted : 0
  const good = quoted.counts.needed + throughout
  const bad = badness(quoted)
  // An apostrophe is a letter unless it stands round a field of every row.
  if (mark === "'") return throughout > 0 && bad === 0
  if (good > bad) return true
  if (good > 0) return quoted.consistency > bare.consistency
  return bad === 0 && quoted.dialect.delimiter !== '\t' && quoted.counts.quoted > 0
}

/** Of a database: nulls as \N, or escaped tabs and line breaks, and no quotes round fields. */
const isDump = (lines: string[], delimiter: string) => lines.some((line) => line.split(delimiter).includes('\\N'))

function fitOf(lines: string[], firstLine: number, dialect: Dialect): Fit {
  const counts = { needed: 0, quoted: 0, misplaced: 0 }
  const records: Record[] = []
  const spans: string[][] = []
  let unclosed = 0
  for (let i = 0; i < lines.length && records.length < looked;) {
    const read = readRecord(lines, i, dialect, counts)
    if (!read) unclosed++
    const { fields, end } = read ?? {
      fields: splitRecord(lines[i]!, { ...dialect, quote: null, escape: null })!,
      end: i + 1,
    }
    if (fields.some((cell) => cell.trim() !== '')) {
      records.push({ line: firstLine + i, fields })
      if (end - i > 1) spans.push(lines.slice(i + 1, end))
    }
    i = end
  }
  const columns = mostCommon(records.map(({ fields }) => fields.length))
  const full = records.filter(({ fields }) => fields.length === columns).map(({ fields }) => fields)
  const numeric = numericColumns(full.slice(1), columns)
  const swallowed =
    unclosed + spans.flat().filter((line) => looksLikeRow(line.split(dialect.delimiter), numeric)).length
  const short = records.filter(({ fields }) => fields.length < columns && fields.length > 1).length
  const consistency = records.length === 0 ? 0 : (full.length + 0.5 * short) / records.length
  const cells = full.slice(full.length > 1 ? 1 : 0).flat()
  const typed = cells.filter(isTyped).length / Math.max(1, cells.length)
  const score = columns < 2 ? 0 : consistency ** 3 * (0.2 + typed) * Math.log2(1 + columns)
  return { dialect, records, counts, swallowed, consistency, columns, score }
}

/** A record from line `start` on, over as many lines as its quotes need; null where they are not closed. */
function readRecord(
  lines: string[],
  start: number,
  dialect: Dialect,
  counts: QuoteCounts,
): { fields: string[]; end: number } | null {
  let text = lines[start]!
  for (let end = start + 1; ; end++) {
    const mayClose = end === start + 1 || lines[end - 1]!.includes(dialect.quote!)
    const fields = mayClose ? splitRecord(text, dialect) : null
    if (fields) {
      splitRecord(text, dialect, counts)
      return { fields, end }
    }
    if (end >= lines.length || end - start >= longestRecord) return null
    text += `\n${lines[end]!}`
  }
}

function mostCommon(values: number[]): number {
  const counts = new Map<number, number>()
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1)
  return [...counts].sort((a, b) => b[1] - a[1] || b[0] - a[0])[0]?.[0] ?? 0
}
