import { EngineError } from '#protocol/errors.ts'

/** What a sheet of Excel holds at most (https://support.microsoft.com/office/1672b34d-7043-467e-8e27-269d656771c3). */
const mostRows = 1_048_576
const mostCharacters = 32_767

/** https://www.w3.org/TR/xml/#charsets */
const notInXml = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g

type Field = string | number

/** Rows that become the sheet of a workbook (.xlsx) once all are there. */
export class WorkbookRows {
  /** Texts that lost something: what is longer than a cell may be, or signs that XML has no word for. */
  changed = 0
  readonly #rows: Field[][] = []

  /** @throws EngineError 'predict/too-many-rows' */
  add(fields: readonly Field[]): void {
    if (this.#rows.length === mostRows)
      throw new EngineError(
        'predict/too-many-rows',
        `A workbook holds ${mostRows} rows, and there are more answers. Choose a file that ends with .csv.`,
      )
    this.#rows.push(fields.map((field) => this.#fitting(field)))
  }

  /** The workbook; its first row is set in bold. */
  async bytes(): Promise<Buffer> {
    const { default: writeXlsx } = await import('write-excel-file/node')
    const cells = this.#rows.map((row, i) =>
      row.map((value) => (value === '' ? null : i === 0 ? { value, fontWeight: 'bold' as const } : { value })),
    )
    return writeXlsx(cells, { sheet: 'Predictions', stickyRowsCount: 1 }).toBuffer()
  }

  #fitting(field: Field): Field {
    if (typeof field === 'number') return field
    const fitting = field.toWellFormed().replaceAll(notInXml, '').slice(0, mostCharacters)
    if (fitting !== field) this.changed++
    return fitting
  }
}
