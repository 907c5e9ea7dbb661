import { open } from 'node:fs/promises'

/** Rows that are written at a time. */
const blockRows = 10_000

/** Writes a table of tab-separated values row by row; a row is its fields between tabs. */
export async function writeTable(path: string, header: string, rows: Iterable<string>): Promise<void> {
  const file = await open(path, 'w')
  try {
    let block = [header]
    for (const row of rows) {
      block.push(row)
      if (block.length < blockRows) continue
      await file.write(`${block.join('\n')}\n`)
      block = []
    }
    if (block.length > 0) await file.write(`${block.join('\n')}\n`)
  } finally {
    await file.close()
  }
}
