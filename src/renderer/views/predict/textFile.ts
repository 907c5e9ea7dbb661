import { isRow } from '#protocol/texts.ts'
import type { EngineConnection } from '../../state/engineConnection.ts'
import { formatCount } from '../../text/format.ts'

/** Texts of a file, with the further columns of a table. */
export interface TextFile {
  name: string
  columns: string[]
  rows: string[][]
  /** The column that holds the texts; a guess, which a person may correct. */
  text: number
  /** Lines that are no row, such as broken JSON: the first of them in words. */
  skipped: { count: number; first: string | null }
}

const partRows = 2000
/** The page holds all of them. */
const mostRows = 200_000
const mostCharacters = 1 << 26

/**
 * Has the engine read a file of texts, in any form that a corpus may have.
 * @throws Error where there is no row, or more than the page can hold; EngineError as `texts.open`
 */
export async function readTextFile(connection: EngineConnection, path: string): Promise<TextFile> {
  const { source, file: name, columns, text } = await connection.request('texts.open', { file: path })
  try {
    const rows: string[][] = []
    const skipped: TextFile['skipped'] = { count: 0, first: null }
    let characters = 0
    for (;;) {
      const part = await connection.request('texts.next', { source, most: partRows })
      if (part.rows.length === 0) break
      for (const row of part.rows) {
        if (isRow(row)) {
          rows.push(row.fields)
          characters += row.fields.reduce((sum, { length }) => sum + length, 0)
        } else {
          skipped.count++
          skipped.first ??= `line ${row.line}: ${row.problem}`
        }
      }
      if (rows.length > mostRows || characters > mostCharacters)
        throw new Error(
          `${name} has more than ${formatCount(rows.length > mostRows ? mostRows : rows.length)} texts, which is more than the window holds. isogloss predict --in reads files of any size.`,
        )
    }
    if (rows.length === 0)
      throw new Error(
        `${name} has no text. Expected a table with a header, a workbook, JSON Lines with "text", or a text a line.`,
      )
    return { name, columns, rows, text, skipped }
  } finally {
    await connection.request('texts.close', { source })
  }
}
