import { z } from 'zod'
import { EngineError } from '#protocol/errors.ts'
import { csvTable } from './csvTable.ts'
import { inputLines } from './inputLines.ts'

/** How texts stand in the input: in JSON lines {"text"}, one a line, or in a column of a table; of a file this is found. */
export interface TextOptions {
  plain?: boolean
  /** The table's column. */
  text?: string
}

/** One text, or why a line has none. */
export interface TextEntry {
  /** Where it begins, from 1. */
  line: number
  text: string | null
  /** What is said of the line, with the line for its subject, or a sentence of its own. */
  problem?: { code: string; message: string } | { code: string; sentence: string }
  /** The fields of a table's row, as many as it has columns. */
  fields?: string[]
}

export interface Texts {
  /** Columns of a table, none of lines. */
  columns: string[]
  delimiter: string
  /** Answers are a table too, where nothing else is asked for. */
  isTable: boolean
  entries: AsyncGenerator<TextEntry>
}

const jsonLine = z.object({ text: z.string() })
const isBlank = (text: string) => text.trim() === ''

/**
 * Texts of standard input, as they come.
 * @throws EngineError 'predict/column-missing' where a table lacks the column
 */
export async function readTexts(
  chunks: AsyncIterable<Uint8Array>,
  { plain, text: column }: TextOptions,
): Promise<Texts> {
  if (column !== undefined) return tableTexts(chunks, column)
  return { columns: [], delimiter: ',', isTable: false, entries: lineTexts(chunks, plain === true) }
}

async function* lineTexts(chunks: AsyncIterable<Uint8Array>, plain: boolean): AsyncGenerator<TextEntry> {
  for await (const { line, text } of inputLines(chunks)) {
    if (isBlank(text)) continue
    yield plain ? { line, text } : { line, ...jsonText(text) }
  }
}

function jsonText(line: string): Pick<TextEntry, 'text' | 'problem'> {
  let value: unknown
  try {
    value = JSON.parse(line)
  } catch {
    return {
      text: null,
      problem: {
        code: 'predict/not-json',
        message: 'is not JSON. Expected {"text": "..."}; lines of text need --plain, tables --text COLUMN',
      },
    }
  }
  const parsed = jsonLine.safeParse(value)
  if (parsed.success) return { text: parsed.data.text }
  return {
    text: null,
    problem: { code: 'predict/no-text', message: 'has no "text" that is a string. Expected {"text": "..."}' },
  }
}

/** The text of a table's row; one that is blank is none. */
export const rowEntry = (line: number, fields: string[], place: number, column: string): TextEntry =>
  isBlank(fields[place]!)
    ? { line, text: null, fields, problem: { code: 'predict/no-text', message: `has nothing in column "${column}"` } }
    : { line, text: fields[place]!, fields }

async function tableTexts(chunks: AsyncIterable<Uint8Array>, column: string): Promise<Texts> {
  const table = await csvTable(inputLines(chunks), column)
  const columns = table?.columns ?? []
  const place = columns.indexOf(column)
  if (table && place < 0) {
    throw new EngineError(
      'predict/column-missing',
      `The table on standard input has no column "${column}"; found ${columns.map((name) => `"${name}"`).join(', ')}. Name one of them with --text.`,
      { column },
    )
  }
  async function* entries(): AsyncGenerator<TextEntry> {
    if (!table) return
    for await (const record of table.records) {
      const { line } = record
      if ('problem' in record) yield { line, text: null, problem: { code: 'predict/bad-row', message: record.problem } }
      else yield rowEntry(line, record.fields, place, column)
    }
  }
  return { columns, delimiter: table?.delimiter ?? ',', isTable: true, entries: entries() }
}
