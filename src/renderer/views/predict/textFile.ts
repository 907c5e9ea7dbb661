import { parse } from 'csv-parse/browser/esm/sync'

/** Texts of a file, with the further columns of a table. */
export interface TextFile {
  name: string
  columns: string[]
  rows: string[][]
  /** The column that holds the texts; a guess, which a person may correct. */
  text: number
  /** Lines that are no row, such as broken JSON. */
  skipped: number
}

const delimiters = [',', ';', '\t', '|']
const textNames = /^(text|texts|tweet|content|message|body|document)$/i

/**
 * Reads a table with a header (.csv, .tsv, .tab), JSON Lines with "text" (.jsonl, .ndjson), or any other file as a text a line.
 * @throws Error where there is no row
 */
export function readTextFile(name: string, content: string): TextFile {
  const file = /\.(csv|tsv|tab)$/i.test(name)
    ? tableOf(content)
    : /\.(jsonl|ndjson)$/i.test(name)
      ? jsonLines(content)
      : { columns: ['text'], rows: linesOf(content).map((line) => [line]), skipped: 0 }
  if (file.rows.length === 0)
    throw new Error(`${name} has no text. Expected a table with a header, JSON Lines with "text", or a text a line.`)
  return { name, ...file, text: textColumn(file.columns, file.rows) }
}

const linesOf = (content: string) => content.split(/\r?\n/).filter((line) => line.trim() !== '')

/** The delimiter is the one that finds most columns in the header. */
function tableOf(content: string): Omit<TextFile, 'name' | 'text'> {
  const header = /^[^\r\n]*/.exec(content)![0]
  const delimiter = delimiters.reduce((best, one) =>
    header.split(one).length > header.split(best).length ? one : best,
  )
  // Where tabs part fields, quotes are letters.
  const quote = delimiter === '\t' ? null : '"'
  const [columns = [], ...records] = parse(content, {
    delimiter,
    quote,
    bom: true,
    relax_quotes: true,
    relax_column_count: true,
    skip_empty_lines: true,
  }) as string[][]
  const rows = records.filter(({ length }) => length <= columns.length)
  return {
    columns: columns.map((column) => column.trim()),
    rows: rows.map((row) => [...row, ...Array<string>(columns.length - row.length).fill('')]),
    skipped: records.length - rows.length,
  }
}

function jsonLines(content: string): Omit<TextFile, 'name' | 'text'> {
  const lines = linesOf(content)
  const rows = lines.flatMap((line) => {
    const text = textOfJson(line)
    return text === null ? [] : [[text]]
  })
  return { columns: ['text'], rows, skipped: lines.length - rows.length }
}

function textOfJson(line: string): string | null {
  try {
    const { text } = JSON.parse(line) as { text?: unknown }
    return typeof text === 'string' ? text : null
  } catch {
    return null
  }
}

/** By its name, else the column with the longest fields. */
function textColumn(columns: string[], rows: string[][]): number {
  const named = columns.findIndex((column) => textNames.test(column))
  if (named >= 0) return named
  const lengths = columns.map((_, i) => rows.slice(0, 1000).reduce((sum, row) => sum + row[i]!.length, 0))
  return lengths.indexOf(Math.max(...lengths))
}
