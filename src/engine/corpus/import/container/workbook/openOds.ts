import { openZip } from '../zipArchive.ts'
import { mostColumns, type SheetRow, type Workbook } from './workbook.ts'
import { readXml, xmlPieces } from './xmlPieces.ts'

/** A row that stands for more than this is a mistake of the file. */
const mostRepeated = 1 << 20

/**
 * Opens an OpenDocument spreadsheet (ISO 26300) as it is unpacked. Numbers and dates are as the file has them, texts without
 * their comments.
 * @throws EngineError 'import/damaged-archive'
 */
export async function openOds(path: string): Promise<Workbook> {
  const archive = await openZip(path)
  const sheets: string[] = []
  try {
    await readXml(path, await archive.open('content.xml'), {
      open(name, attributes) {
        if (name === 'table') sheets.push(attributes['name'] ?? '')
      },
    })
  } catch (error) {
    archive.close()
    throw error
  }
  async function* rows(sheet: string): AsyncGenerator<SheetRow[]> {
    let taken: SheetRow[] = []
    let [current, number, repeatedRows, repeatedCells] = ['', 0, 1, 1]
    let cells: string[] = []
    let cell: { value: string | undefined; paragraphs: string[] } | null = null
    let [inParagraph, inComment] = [false, false]
    for await (const _ of xmlPieces(path, await archive.open('content.xml'), {
      open(name, attributes) {
        if (name === 'table') [current, number] = [attributes['name'] ?? '', 0]
        if (current !== sheet) return
        if (name === 'table-row') {
          cells = []
          repeatedRows = Math.min(mostRepeated, Number(attributes['number-rows-repeated'] ?? 1))
        } else if (name === 'table-cell' || name === 'covered-table-cell') {
          repeatedCells = Number(attributes['number-columns-repeated'] ?? 1)
          cell = {
            value:
              attributes['date-value'] ?? (attributes['value-type'] === 'string' ? undefined : attributes['value']),
            paragraphs: [],
          }
        } else if (name === 'annotation') inComment = true
        else if (name === 'p' && cell && !inComment) {
          inParagraph = true
          cell.paragraphs.push('')
        } else if (inParagraph && cell && (name === 's' || name === 'tab'))
          cell.paragraphs[cell.paragraphs.length - 1] +=
            name === 'tab' ? '\t' : ' '.repeat(Number(attributes['c'] ?? 1))
        else if (inParagraph && cell && name === 'line-break') cell.paragraphs[cell.paragraphs.length - 1] += '\n'
      },
      text(piece) {
        if (inParagraph && !inComment && cell) cell.paragraphs[cell.paragraphs.length - 1] += piece
      },
      close(name) {
        if (name === 'annotation') inComment = false
        else if (name === 'p') inParagraph = false
        else if ((name === 'table-cell' || name === 'covered-table-cell') && cell) {
          const text = cell.value ?? cell.paragraphs.join('\n')
          // Sheets end with thousands of empty cells.
          const times = text === '' && repeatedCells > 100 ? 1 : Math.min(repeatedCells, mostColumns - cells.length)
          for (let i = 0; i < times; i++) cells.push(text)
          cell = null
        } else if (name === 'table-row' && current === sheet) {
          const isEmpty = cells.every((text) => text === '')
          for (let i = 0; i < (isEmpty ? 0 : Math.min(repeatedRows, 1 << 14)); i++)
            taken.push({ number: number + i + 1, cells })
          number += repeatedRows
        } else if (name === 'table') current = ''
      },
    })) {
      yield taken
      taken = []
    }
    yield taken
  }
  return { sheets, rows, close: () => archive.close() }
}
