/** A workbook that is open: its sheets, and their rows as text. */
export interface Workbook {
  sheets: string[]
  /** Rows of a sheet in order, each with the number that the sheet gives it; pauses now and then. */
  rows(sheet: string): AsyncGenerator<SheetRow[]>
  close(): void
}

export interface SheetRow {
  /** Counted from 1. */
  number: number
  cells: string[]
}

/** As many columns as Excel has; a cell beyond them is a mistake of the file. */
export const mostColumns = 16_384
/** Strings that cells share are held in memory, up to so many characters. */
export const mostSharedCharacters = 128 * 1024 * 1024
