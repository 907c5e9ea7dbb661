import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { corpusSettings } from '#protocol/experiment.ts'
import { AcceptedRows } from './acceptedRows.ts'
import { documentRecords } from './documentRecords.ts'
import { groupDocuments } from './groupDocuments.ts'
import { RowFields } from './form/rowFields.ts'

let directory: string
beforeEach(async () => (directory = await mkdtemp(join(tmpdir(), 'isogloss-records-'))))
afterEach(() => rm(directory, { recursive: true, force: true }))

describe('documentRecords', () => {
  it('joins the texts of an author in order, with the first row’s further columns, over any number of partitions', async () => {
    const row = fc.record({
      author: fc.nat(6),
      text: fc.string({ unit: fc.constantFrom('a', 'ü', ' '), maxLength: 6 }),
      age: fc.string({ unit: fc.constantFrom('1', '2'), maxLength: 2 }),
    })
    await fc.assert(
      fc.asyncProperty(
        fc.array(row, { minLength: 1, maxLength: 40 }),
        fc.integer({ min: 1, max: 200 }),
        async (table, partitionBytes) => {
          const rows = new AcceptedRows(directory)
          const fields = new RowFields(3)
          for (const { author, text, age } of table) {
            fields.setTexts([String(author), text, age])
            const number = author === 0 ? -1 : rows.authorNames.number(fields.bytes, fields.starts[0]!, fields.ends[0]!)
            rows.add(
              fields,
              {
                text: fields.bytes,
                textStart: fields.starts[1]!,
                textEnd: fields.ends[1]!,
                author: number,
                lat: 1,
                lon: 2,
                fold: 0,
              },
              [2],
            )
          }
          rows.spool.flush()
          const documents = groupDocuments(rows, corpusSettings.parse({ train: 'x' }))
          const records = await documentRecords(
            { rows, documents, extraCount: 1 },
            directory,
            () => Promise.resolve(),
            partitionBytes,
          )
          const found = Array.from({ length: documents.count }, (_, document) => {
            const record = Buffer.from(records.record(document))
            const length = record.readUInt32LE()
            return [record.toString('utf8', 4, 4 + length), record.toString('utf8', 8 + length)]
          })
          records.close()
          rows.spool.close()
          expect(await readdir(directory)).toEqual([])
          const first = table.filter(
            ({ author }, i) => author === 0 || table.findIndex((other) => other.author === author) === i,
          )
          const textsOf = (one: (typeof table)[number]) =>
            one.author === 0 ? [one.text] : table.filter(({ author }) => author === one.author).map(({ text }) => text)
          expect(found).toEqual(first.map((one) => [textsOf(one).join(' ||| '), one.age]))
        },
      ),
      { numRuns: 60 },
    )
  })
})
