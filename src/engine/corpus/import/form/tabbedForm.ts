import type { TakeLine } from '../container/lineSplitter.ts'
import { lineRows, type LineTaker } from './lineRows.ts'
import { RowFields } from './rowFields.ts'
import { keptOfRejected, textOf, tooLong, type RowTaker, type TextForm } from './rowTaker.ts'

const forms = { 'user-info': ['author', 'lat', 'lon', 'text'], 'lat-lon-text': ['lat', 'lon', 'text'] } as const

/** Text without a header, in a fixed order of fields. */
export function tabbedForm(format: keyof typeof forms): TextForm {
  const columns = [...forms[format]]
  return { columns, rows: (blocks, taker) => lineRows(blocks, tabbedLines(columns.length, taker)) }
}

const tab = 0x09

/** Fields between tabs; quotes are ordinary characters, and the last field keeps the tabs that it holds. */
function tabbedLines(count: number, taker: RowTaker): LineTaker {
  const fields = new RowFields(count)
  let block: Buffer | null = null
  let blockHasNul = false
  const take: TakeLine = (line, bytes, start, end, is) => {
    if (is.tooLong) return taker.reject(line, tooLong.reason, tooLong.explanation, textOf(bytes, start, end))
    let field = 0
    let from = start
    for (let at = start; field < count - 1 && at < end; at++) {
      if (bytes[at] !== tab) continue
      fields.starts[field] = from
      fields.ends[field++] = at
      from = at + 1
    }
    if (field < count - 1) {
      const text = bytes.toString('utf8', start, end)
      if (text.trim() === '') return
      const found = text.split('\t').length
      taker.reject(
        line,
        'wrong-column-count',
        `The line has ${found} fields between tabs, expected ${count}.`,
        text.slice(0, keptOfRejected),
      )
      return
    }
    fields.starts[field] = from
    fields.ends[field] = end
    fields.bytes = bytes
    fields.damaged = is.damaged
    // A line over two blocks has a buffer of its own.
    fields.mayHaveNul = bytes !== block || blockHasNul
    taker.row(line, fields)
  }
  return {
    take,
    block(bytes) {
      block = bytes
      blockHasNul = bytes.includes(0)
    },
  }
}
