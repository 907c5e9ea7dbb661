import type { SourceReading } from '#protocol/reading.ts'
import { EngineError } from '#protocol/errors.ts'
import { openOds } from '../container/workbook/openOds.ts'
import { openXlsx } from '../container/workbook/openXlsx.ts'
import type { SheetRow, Workbook } from '../container/workbook/workbook.ts'
import type { OpenedSource, ReadingOptions } from './reading.ts'
import { RowFields } from './rowFields.ts'
import { keptOfRejected, type ReadRows, type RowTaker } from './rowTaker.ts'
import { tableHead } from './table/tableHead.ts'

/** Rows of a sheet that are looked at. */
const looked = 1000
/** Columns at most: what lies beyond is no table. */
const mostColumns = 4096

const isFilled = ({ cells }: SheetRow) => cells.some((cell) => cell.trim() !== '')

/**
 * The rows of a workbook's sheet, the first one with a table of three columns (else the first with rows) unless one is named; a row's line is its number in the sheet.
 * @throws EngineError 'import/sheet-missing', 'import/empty-file', and as workbooks have them
 */
export async function workbookSource(
  path: string,
  container: 'xlsx' | 'ods',
  options: ReadingOptions,
): Promise<
  Pick<OpenedSource, 'columns' | 'sample'> & {
    read: ReadRows
    found: Pick<SourceReading, 'header' | 'rowsSkipped' | 'notes' | 'sheet'>
  }
> {
  const open = () => (container === 'xlsx' ? openXlsx(path) : openOds(path))
  const workbook = await open()
  let sheet: string
  let first: SheetRow[]
  const notes: string[] = []
  try {
    ;({ sheet, first } = await chosenSheet(path, workbook, options.sheet))
    const others = workbook.sheets.filter((name) => name !== sheet)
    if (options.sheet === undefined && others.length > 0)
      notes.push(
        `The sheet "${sheet}" was read; the workbook has ${others.length === 1 ? 'another' : 'others'}: ${others
          .slice(0, 5)
          .map((name) => `"${name}"`)
          .join(', ')}${others.length > 5 ? ', ...' : ''}.`,
      )
  } finally {
    workbook.close()
  }
  const width = Math.min(
    mostColumns,
    Math.max(...first.map(({ cells }) => cells.findLastIndex((cell) => cell.trim() !== '') + 1)),
  )
  const head = tableHead(
    first.map(({ cells }) => padded(cells, width)),
    options.header,
  )
  const columns = head.columns
  const firstNumber = first[head.recordsBefore]?.number ?? Infinity

  async function* read(taker: RowTaker): AsyncGenerator<void> {
    const reading = await open()
    const fields = new RowFields(columns.length)
    try {
      for await (const rows of reading.rows(sheet)) {
        for (const row of rows) {
          if (row.number < firstNumber || !isFilled(row)) continue
          if (row.cells.slice(columns.length).some((cell) => cell.trim() !== '')) {
            taker.reject(
              row.number,
              'wrong-column-count',
              `The row has ${row.cells.length} cells, expected ${columns.length}.`,
              row.cells.join('\t').slice(0, keptOfRejected),
            )
            continue
          }
          fields.setTexts(padded(row.cells, columns.length))
          taker.row(row.number, fields)
        }
        yield
      }
    } finally {
      reading.close()
    }
  }
  const sample = first.slice(head.recordsBefore).map(({ cells }) => padded(cells, columns.length))
  return {
    columns,
    sample,
    read,
    found: { header: head.header, rowsSkipped: head.rowsSkipped, notes: [...notes, ...head.notes], sheet },
  }
}

/** Coordinates and a text need three columns; a sheet with fewer is a note on the others, or a list of codes. */
const isTable = (rows: SheetRow[]) =>
  rows.filter(({ cells }) => cells.filter((cell) => cell.trim() !== '').length >= 3).length >= 2

const padded = (cells: string[], count: number) =>
  cells.length >= count ? cells.slice(0, count) : [...cells, ...new Array<string>(count - cells.length).fill('')]

async function chosenSheet(
  path: string,
  workbook: Workbook,
  wanted: string | undefined,
): Promise<{ sheet: string; first: SheetRow[] }> {
  if (wanted !== undefined && !workbook.sheets.includes(wanted)) {
    throw new EngineError(
      'import/sheet-missing',
      `No sheet "${wanted}" in ${path}; found ${workbook.sheets.map((name) => `"${name}"`).join(', ')}. Choose one of these.`,
      { wanted, found: workbook.sheets },
    )
  }
  let fallback: { sheet: string; first: SheetRow[] } | null = null
  for (const sheet of wanted === undefined ? workbook.sheets : [wanted]) {
    const first: SheetRow[] = []
    for await (const rows of workbook.rows(sheet)) {
      first.push(...rows.filter(isFilled))
      if (first.length >= looked) break
    }
    const found = { sheet, first: first.slice(0, looked) }
    if (wanted !== undefined ? first.length > 0 : isTable(first)) return found
    if (first.length > 0) fallback ??= found
  }
  if (fallback) return fallback
  throw new EngineError(
    'import/empty-file',
    `${path} has no sheet with rows. Name a file with at least one document.`,
    { path },
  )
}
