import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import writeWorkbook from 'write-excel-file/node'
import { isRow, type TextRow } from '#protocol/texts.ts'
import { openTextRows, type TextRowsOptions } from './openTextRows.ts'

let directory: string
beforeAll(async () => (directory = await mkdtemp(join(tmpdir(), 'isogloss-texts-'))))
afterAll(() => rm(directory, { recursive: true, force: true }))

async function opened(name: string, content: string | Uint8Array, options?: TextRowsOptions) {
  const path = join(directory, name)
  await writeFile(path, content)
  return openTextRows(path, options)
}

async function allOf(rows: { next(most: number): Promise<TextRow[]> }, most = 3): Promise<TextRow[]> {
  const all: TextRow[] = []
  for (;;) {
    const taken = await rows.next(most)
    expect(taken.length).toBeLessThanOrEqual(most)
    if (taken.length === 0) return all
    all.push(...taken)
  }
}

describe('openTextRows', () => {
  it('reads a table in its own encoding, a few rows at a time, and finds its texts', async () => {
    const lines = ['id;said', ...Array.from({ length: 10 }, (_, i) => `${i};"Grüße aus Köln, ${i}"`)]
    const rows = await opened('latin.csv', Buffer.from(lines.join('\r\n'), 'latin1'))
    expect([rows.format, rows.delimiter, rows.columns, rows.text]).toEqual(['csv', ';', ['id', 'said'], 1])
    expect(rows.notes.join(' ')).toContain('The texts are taken from column "said"; --text names another.')
    const all = await allOf(rows)
    expect(all).toHaveLength(10)
    expect(all[9]).toEqual({ line: 11, fields: ['9', 'Grüße aus Köln, 9'] })
  })

  it('reads a workbook, and the column that is named', async () => {
    const bytes = await writeWorkbook([
      ['id', 'text', 'other'],
      [1, 'hello you', 'x'],
      [2, 'good day', 'y'],
    ]).toBuffer()
    const rows = await opened('book.xlsx', bytes, { text: 'other' })
    expect([rows.format, rows.text]).toEqual(['xlsx', 2])
    expect((await allOf(rows)).filter(isRow).map(({ fields }) => fields)).toEqual([
      ['1', 'hello you', 'x'],
      ['2', 'good day', 'y'],
    ])
    await expect(opened('book.xlsx', bytes, { text: 'said' })).rejects.toThrow(
      /has no column "said"; found "id", "text", "other"/,
    )
  })

  it('reads JSON Lines, and says of a line that is none what it is', async () => {
    const rows = await opened('a.jsonl', '{"text": "one", "n": 1}\n{"text": "two"\n{"text": "three", "n": 3}\n')
    const all = await allOf(rows)
    expect(all.map(({ line }) => line)).toEqual([1, 2, 3])
    expect(all[1]).toMatchObject({ problem: expect.stringMatching(/JSON/) as string })
    expect(all[2]).toMatchObject({ fields: ['three', '3'] })
  })

  it('takes lines for texts where the name says text, or one asks for it', async () => {
    const lines = 'one, two, three\n\n  \nfour\n'
    const rows = await opened('a.txt', lines)
    expect([rows.format, rows.columns]).toEqual(['lines', ['text']])
    expect(await allOf(rows)).toEqual([
      { line: 1, fields: ['one, two, three'] },
      { line: 4, fields: ['four'] },
    ])
    expect((await opened('a.txt.gz', gzipSync(lines))).format).toBe('lines')
    expect((await opened('a.csv', lines, { plain: true })).format).toBe('lines')
    // Corpora of the field are called .txt as well.
    const corpus = await opened('c.txt', 'a\t50.1\t8.6\thello you\nb\t51.0\t9.0\tgood day\n')
    expect([corpus.format, corpus.columns[corpus.text]]).toEqual(['user-info', 'text'])
  })
})
