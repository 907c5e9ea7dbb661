import type { TextBlock } from '../../container/encoding/blockDecoder.ts'
import type { TextFile } from '../../container/textFile.ts'
import { lineRows, linesOf } from '../lineRows.ts'
import { RowFields } from '../rowFields.ts'
import { keptOfRejected, textOf, tooLong, type RowTaker, type TextForm } from '../rowTaker.ts'
import { featureRow } from './featureRow.ts'
import { JsonColumns, TooDeep } from './jsonColumns.ts'
import type { JsonLayout } from './jsonLayout.ts'
import { jsonPieces } from './jsonPieces.ts'
import { parseObject, type JsonObject } from './parseJson.ts'

/** The rows of a JSON text, whose columns are the keys of its beginning and of samples from all over the file. */
export function jsonForm(file: TextFile, layout: JsonLayout): { form: TextForm; notes: string[]; finish(): void } {
  const rowOf = layout.format === 'geojson' ? featureRow : (object: JsonObject) => object
  const columns = new JsonColumns(sampleOf(file, layout).map(rowOf).filter(isShallow))
  const notes =
    layout.kind === 'list' && layout.key !== null && layout.format === 'json'
      ? [`Rows were taken from the list "${layout.key}".`]
      : []

  function rows(blocks: AsyncIterable<TextBlock>, taker: RowTaker): AsyncGenerator<void> {
    columns.late.clear()
    const fields = new RowFields(columns.names.length)
    function take(line: number, text: string): void {
      const object = parseObject(text)
      if (!object)
        return taker.reject(
          line,
          'not-json',
          text.trimStart().startsWith("{'")
            ? 'This is Python, not JSON: expected double quotes, true, false and null. Write it with json.dumps.'
            : 'This is no JSON object.',
          text.slice(0, keptOfRejected),
        )
      try {
        fields.setTexts(columns.textsOf(rowOf(object)))
      } catch (error) {
        if (!(error instanceof TooDeep)) throw error
        return taker.reject(
          line,
          'nested-too-deeply',
          'The object is nested more deeply than any row of a corpus.',
          text.slice(0, keptOfRejected),
        )
      }
      taker.row(line, fields)
    }
    const rejectLong = (line: number, bytes: Buffer, start: number, end: number) =>
      taker.reject(line, tooLong.reason, tooLong.explanation, textOf(bytes, start, end))
    if (layout.kind === 'lines') {
      return lineRows(blocks, {
        take(line, bytes, start, end, is) {
          if (is.tooLong) return rejectLong(line, bytes, start, end)
          const text = bytes.toString('utf8', start, end)
          if (text.trim() !== '') take(line, text)
        },
      })
    }
    return pieceRows(blocks, layout, (line, bytes, is) =>
      is.tooLong ? rejectLong(line, bytes, 0, bytes.length) : take(line, bytes.toString()),
    )
  }

  return {
    form: { columns: columns.names, rows },
    notes,
    finish() {
      if (columns.late.size === 0) return
      const found = [...columns.late]
        .slice(0, 5)
        .map(([path, count]) => `"${path}" (${count} ${count === 1 ? 'row' : 'rows'})`)
      notes.push(
        `Keys that come late in the file were not read: ${found.join(', ')}${columns.late.size > 5 ? ', ...' : ''}. To have them, put a row with all keys first.`,
      )
    },
  }
}

async function* pieceRows(
  blocks: AsyncIterable<TextBlock>,
  layout: JsonLayout,
  take: Parameters<typeof jsonPieces>[1],
): AsyncGenerator<void> {
  const pieces = jsonPieces(layout, take)
  for await (const { bytes } of blocks) {
    pieces.push(bytes)
    yield
  }
  pieces.end()
}

function sampleOf({ head, isWhole, spots }: TextFile, layout: JsonLayout): JsonObject[] {
  if (layout.kind === 'lines') {
    const lines = [head, ...spots.map((bytes) => ({ bytes, damaged: false }))].flatMap((block) => linesOf(block))
    return lines.map(parseObject).filter((object) => object !== null)
  }
  const objects: JsonObject[] = []
  const pieces = jsonPieces(layout, (_, bytes, is) => {
    const object = is.object && !is.tooLong ? parseObject(bytes.toString()) : null
    if (object) objects.push(object)
  })
  pieces.push(head.bytes)
  if (isWhole) pieces.end()
  return objects
}

function isShallow(object: JsonObject): boolean {
  try {
    new JsonColumns([object])
    return true
  } catch (error) {
    if (error instanceof TooDeep) return false
    throw error
  }
}
