/** A file of texts whose places are asked for: how it was read. */
export interface TextSource {
  /** What `texts.next` and `texts.close` call it. */
  source: string
  /** Base name. */
  file: string
  /** As a corpus's files have it, or `lines`: a text a line. */
  format: string
  /** Of a table of text; null elsewhere. */
  delimiter: string | null
  columns: string[]
  /** The column that holds the texts. */
  text: number
  /** Sentences: what was guessed of the file, and how to overrule it. */
  notes: string[]
}

/** A row of such a file, a field a column, or why a line is none. Lines count from 1. */
export type TextRow = { line: number; fields: string[] } | { line: number; problem: string }

export const isRow = (row: TextRow): row is { line: number; fields: string[] } => 'fields' in row
