import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { openRowSource } from '../openRowSource.ts'
import type { ReadingOptions } from '../reading.ts'

let directory: string
beforeEach(async () => (directory = await mkdtemp(join(tmpdir(), 'isogloss-csv-'))))
afterEach(() => rm(directory, { recursive: true, force: true }))

async function read(content: string, options: ReadingOptions = { quote: '"', header: true }) {
  const path = join(directory, 'a.csv')
  await writeFile(path, content)
  const { columns, read: rowsOf } = await openRowSource(path, options)
  const rows: [number, ...string[]][] = []
  const rejected: [number, string][] = []
  const taker = {
    row: (line: number, fields: { text(i: number): string }) =>
      rows.push([line, ...columns.map((_, i) => fields.text(i))]),
    reject: (line: number, reason: string) => rejected.push([line, reason]),
  }
  for await (const _ of rowsOf(taker)) continue
  return { columns, rows, rejected }
}

describe('tableRows', () => {
  it('tells the line in which a row begins, over blank lines and line breaks in fields', async () => {
    expect(await read('a,b\r\n\r\n1,2\r\n"x\r\ny",3\r\n4\r\n5,"6""7"')).toEqual({
      columns: ['a', 'b'],
      rows: [
        [3, '1', '2'],
        [4, 'x\ny', '3'],
        [7, '5', '6"7'],
      ],
      rejected: [[6, 'wrong-column-count']],
    })
  })

  it('reads on after a quote that is never closed', async () => {
    const { rows, rejected } = await read('a,b\n1,2\n3,"open\n4,5\n\n6,7\n')
    expect(rows).toEqual([
      [2, '1', '2'],
      [4, '4', '5'],
      [6, '6', '7'],
    ])
    expect(rejected).toEqual([[3, 'quote-not-closed']])
  })

  it('saves the rows between two stray quotes', async () => {
    const { rows, rejected } = await read('a,b\n1,2\n"3,4\n5,6\n7,8"\n9,10\n')
    expect(rows).toEqual([
      [2, '1', '2'],
      [4, '5', '6'],
      [5, '7', '8"'],
      [6, '9', '10'],
    ])
    expect(rejected).toEqual([[3, 'quote-not-closed']])
  })

  it('goes on behind megabytes that a quote has swallowed, and behind a line that is too long', async () => {
    const many = Array.from({ length: 300_000 }, (_, i) => `${i},${'word '.repeat(8)}`)
    const { rows, rejected } = await read(`a,b\n1,"open\n${many.join('\n')}\nx,${'y'.repeat(20_000_000)}\n2,end\n`)
    expect(rejected).toEqual([
      [2, 'quote-not-closed'],
      [300_003, 'line-too-long'],
    ])
    expect(rows.length).toBe(300_001)
    expect(rows.every(([line, first], i) => i === 300_000 || (line === i + 3 && first === String(i)))).toBe(true)
    expect(rows.at(-1)).toEqual([300_004, '2', 'end'])
  }, 120_000)

  it('reads back what was written, whatever the fields', async () => {
    const field = fc.string({ unit: fc.constantFrom('a', 'ü', '"', ',', ';', '\n', ' '), maxLength: 6 })
    await fc.assert(
      fc.asyncProperty(
        fc.array(
          fc.tuple(
            field.map((text) => `x${text}`),
            field,
          ),
          { maxLength: 20 },
        ),
        async (table) => {
          const quoted = (text: string) => `"${text.replaceAll('"', '""')}"`
          const { rows, rejected } = await read(['a,b', ...table.map((row) => row.map(quoted).join(','))].join('\n'))
          expect(rejected).toEqual([])
          expect(rows.map(([, ...texts]) => texts)).toEqual(table)
          let line = 2
          for (const [i, row] of table.entries()) {
            expect(rows[i]![0]).toBe(line)
            line += 1 + row.join('').split('\n').length - 1
          }
        },
      ),
      { numRuns: 60 },
    )
  })
})
