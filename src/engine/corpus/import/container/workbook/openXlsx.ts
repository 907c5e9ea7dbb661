import { EngineError } from '#protocol/errors.ts'
import { openZip, type ZipArchive } from '../zipArchive.ts'
import { excelDate, isDateFormat } from './excelDate.ts'
import { mostColumns, mostSharedCharacters, type SheetRow, type Workbook } from './workbook.ts'
import { readXml, xmlPieces } from './xmlPieces.ts'

interface Styles {
  /** Of each cell style: whether it shows a date. */
  isDate: boolean[]
}

/**
 * Opens an Excel workbook (ECMA-376, SpreadsheetML) as it is unpacked: of a sheet memory holds a row, and of the workbook the
 * strings that its cells share. Numbers are as the file has them, so that an id keeps its digits where Excel kept them.
 * @throws EngineError 'import/damaged-archive', 'import/workbook-too-large'
 */
export async function openXlsx(path: string): Promise<Workbook> {
  const archive = await openZip(path)
  try {
    const { sheets, epoch } = await workbookSheets(path, archive)
    const targets = await relationTargets(path, archive)
    const styles = await stylesOf(path, archive)
    let strings: string[] | null = null
    return {
      sheets: sheets.map(({ name }) => name),
      async *rows(sheet) {
        const found = sheets.find(({ name }) => name === sheet)!
        strings ??= yield* sharedStrings(path, archive)
        yield* sheetRows(path, archive, targets.get(found.relation) ?? '', { strings, styles, epoch })
      },
      close: () => archive.close(),
    }
  } catch (error) {
    archive.close()
    throw error
  }
}

async function workbookSheets(path: string, archive: ZipArchive) {
  const sheets: { name: string; relation: string }[] = []
  let epoch: 1900 | 1904 = 1900
  await readXml(path, await archive.open('xl/workbook.xml'), {
    open(name, { name: title = '', id = '', state, date1904 }) {
      if (name === 'sheet' && state !== 'veryHidden') sheets.push({ name: title, relation: id })
      if (name === 'workbookPr' && (date1904 === '1' || date1904 === 'true')) epoch = 1904
    },
  })
  return { sheets, epoch: epoch as 1900 | 1904 }
}

async function relationTargets(path: string, archive: ZipArchive): Promise<Map<string, string>> {
  const targets = new Map<string, string>()
  await readXml(path, await archive.open('xl/_rels/workbook.xml.rels'), {
    open(name, { Id = '', Target = '' }) {
      if (name === 'Relationship') targets.set(Id, Target.startsWith('/') ? Target.slice(1) : `xl/${Target}`)
    },
  })
  return targets
}

async function stylesOf(path: string, archive: ZipArchive): Promise<Styles> {
  const isDate: boolean[] = []
  if (!archive.files.some(({ name }) => name === 'xl/styles.xml')) return { isDate }
  const codes = new Map<number, string>()
  let inCells = false
  await readXml(path, await archive.open('xl/styles.xml'), {
    open(name, { numFmtId, formatCode }) {
      if (name === 'cellXfs') inCells = true
      else if (name === 'numFmt') codes.set(Number(numFmtId), formatCode ?? '')
      else if (name === 'xf' && inCells) isDate.push(isDateFormat(Number(numFmtId ?? 0), codes.get(Number(numFmtId))))
    },
    close(name) {
      if (name === 'cellXfs') inCells = false
    },
  })
  return { isDate }
}

/** Strings of a workbook's cells, with pauses; of rich text the letters, of phonetic readings nothing. */
async function* sharedStrings(path: string, archive: ZipArchive): AsyncGenerator<SheetRow[], string[]> {
  const strings: string[] = []
  if (!archive.files.some(({ name }) => name === 'xl/sharedStrings.xml')) return strings
  let [text, inText, inPhonetic, characters] = ['', false, false, 0]
  for await (const _ of xmlPieces(path, await archive.open('xl/sharedStrings.xml'), {
    open(name) {
      if (name === 'si') text = ''
      else if (name === 't') inText = true
      else if (name === 'rPh') inPhonetic = true
    },
    text(piece) {
      if (!inText || inPhonetic) return
      text += piece
      characters += piece.length
    },
    close(name) {
      if (name === 'si') {
        strings.push(unescaped(text))
        characters += charactersOfAnEntry
      } else if (name === 't') inText = false
      else if (name === 'rPh') inPhonetic = false
    },
  })) {
    if (characters > mostSharedCharacters) throw tooLarge(path)
    yield []
  }
  return strings
}

/** What an entry of the list costs beside its text. */
const charactersOfAnEntry = 8

const tooLarge = (path: string) =>
  new EngineError(
    'import/workbook-too-large',
    `${path} holds more text than a workbook can (${mostSharedCharacters >> 20} million characters). Save the sheet as CSV (UTF-8) and import that.`,
    { path },
  )

/** Characters that XML cannot hold are written as _x000D_. */
const unescaped = (text: string) =>
  text.includes('_x')
    ? text.replace(/_x([0-9A-Fa-f]{4})_/g, (_, code: string) => String.fromCharCode(parseInt(code, 16)))
    : text

interface SheetContext {
  strings: string[]
  styles: Styles
  epoch: 1900 | 1904
}

async function* sheetRows(
  path: string,
  archive: ZipArchive,
  target: string,
  { strings, styles, epoch }: SheetContext,
): AsyncGenerator<SheetRow[]> {
  let rows: SheetRow[] = []
  let row: SheetRow = { number: 0, cells: [] }
  let cell = { column: 0, type: 'n', style: 0 }
  let [value, inValue, inPhonetic] = ['', false, false]

  function cellText(): string {
    if (value === '') return ''
    if (cell.type === 's') return strings[Number(value)] ?? ''
    if (cell.type === 'b') return value === '1' ? 'TRUE' : 'FALSE'
    if (cell.type === 'e') return ''
    if (cell.type !== 'n') return unescaped(value)
    return styles.isDate[cell.style] ? excelDate(Number(value), epoch) : plainNumber(value)
  }

  for await (const _ of xmlPieces(path, await archive.open(target), {
    open(name, attributes) {
      if (name === 'row') row = { number: Number(attributes['r'] ?? row.number + 1), cells: [] }
      else if (name === 'c') {
        const column = attributes['r'] === undefined ? row.cells.length : columnOf(attributes['r'])
        cell = { column, type: attributes['t'] ?? 'n', style: Number(attributes['s'] ?? 0) }
        value = ''
      } else if (name === 'v' || name === 't') inValue = true
      else if (name === 'rPh') inPhonetic = true
    },
    text(piece) {
      if (inValue && !inPhonetic) value += piece
    },
    close(name) {
      if (name === 'v' || name === 't') inValue = false
      else if (name === 'rPh') inPhonetic = false
      else if (name === 'c' && cell.column < mostColumns) {
        while (row.cells.length < cell.column) row.cells.push('')
        row.cells[cell.column] = cellText()
      } else if (name === 'row') rows.push(row)
    },
  })) {
    yield rows
    rows = []
  }
  yield rows
}

/** "AB12" is column 27, counted from 0. */
function columnOf(reference: string): number {
  let column = 0
  for (let i = 0; i < reference.length && reference.charCodeAt(i) >= 65; i++)
    column = 26 * column + (reference.charCodeAt(i) & 31)
  return column - 1
}

/** Excel writes 47.3 as 47.299999999999997 and long ids as 1.0E+18: the shortest number that is the same, with all its digits. */
function plainNumber(value: string): string {
  const number = Number(value)
  return Number.isFinite(number) ? String(number) : value
}
