import { resolve } from 'node:path'
import { isRow, type TextSource } from '#protocol/texts.ts'
import type { EngineClient } from '../engineClient.ts'
import { rowEntry, type TextEntry, type TextOptions, type Texts } from './texts.ts'

const partRows = 500
/** Forms without columns but the text's, or with names in every row: the answers are JSON lines as well. */
const noTables: ReadonlySet<string> = new Set(['lines', 'jsonl', 'json', 'geojson'])

/**
 * Texts of a file in any form that a corpus may have: tables, workbooks, JSON, Parquet, packed or not.
 * @param say is told what was guessed of the file
 */
export async function fileTexts(
  engine: EngineClient,
  path: string,
  { text, plain }: TextOptions,
  say: (line: string) => void,
): Promise<Texts> {
  const source = await engine.request('texts.open', {
    file: resolve(path),
    ...(text === undefined ? {} : { text }),
    ...(plain ? { plain } : {}),
  })
  source.notes.forEach(say)
  const isTable = !noTables.has(source.format)
  return {
    columns: source.format === 'lines' ? [] : source.columns,
    delimiter: source.delimiter ?? ',',
    isTable: isTable || text !== undefined,
    entries: entriesOf(engine, source),
  }
}

async function* entriesOf(engine: EngineClient, { source, text, columns }: TextSource): AsyncGenerator<TextEntry> {
  for (;;) {
    const { rows } = await engine.request('texts.next', { source, most: partRows })
    if (rows.length === 0) return
    for (const row of rows) {
      const { line } = row
      if (!isRow(row)) yield { line, text: null, problem: { code: 'predict/bad-row', sentence: row.problem } }
      else yield rowEntry(line, row.fields, text, columns[text]!)
    }
  }
}
