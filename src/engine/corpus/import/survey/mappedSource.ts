import type { OpenedSource } from '../form/reading.ts'
import { RowFields } from '../form/rowFields.ts'

/** A source whose rows are those of another one, each turned into other fields. */
export function mappedSource(source: OpenedSource, columns: string[], map: (row: string[]) => string[]): OpenedSource {
  return {
    reading: source.reading,
    columns,
    sample: source.sample.map(map),
    read(taker) {
      const fields = new RowFields(columns.length)
      return source.read({
        row(line, given) {
          fields.setTexts(map(source.columns.map((_, index) => given.text(index))))
          fields.damaged ||= given.damaged
          taker.row(line, fields)
        },
        reject: (...row) => taker.reject(...row),
      })
    },
  }
}

/** A source without its first rows. */
export function withoutFirstRows(source: OpenedSource, count: number): OpenedSource {
  if (count === 0) return source
  return {
    ...source,
    sample: source.sample.slice(count),
    read(taker) {
      let seen = 0
      return source.read({
        row: (line, fields) => (seen++ < count ? undefined : taker.row(line, fields)),
        reject: (...row) => taker.reject(...row),
      })
    },
  }
}

/** All rows of a small table, in memory. */
export async function allRows({ columns, read }: OpenedSource): Promise<string[][]> {
  const rows: string[][] = []
  const taker = {
    row: (_: number, fields: RowFields) => void rows.push(columns.map((_, index) => fields.text(index))),
    reject: () => undefined,
  }
  for await (const _ of read(taker)) void _
  return rows
}
