const number = /^[-+−–]?(\d[\d\u00a0']*([.,]\d+)?|[.,]\d+)(e[-+]?\d+)?\s*°?$/i
const date = /^\d{1,4}[-./]\d{1,2}[-./]\d{1,4}([ T]\d{1,2}:\d{2}.*)?$/
const missing = /^(|na|n\/a|nan|null|none|nil|\\n|-|\.|\?)$/i

/** A number as tables write it: decimal point or comma. */
export const isNumber = (cell: string) => number.test(cell.trim())

export const isTyped = (cell: string) => number.test(cell.trim()) || date.test(cell.trim())

export const isMissing = (cell: string) => missing.test(cell.trim())

/** Which columns hold numbers: nearly all of their cells that are not missing, and at least one. */
export function numericColumns(rows: string[][], count: number): boolean[] {
  return Array.from({ length: count }, (_, column) => {
    const present = rows.map((row) => row[column] ?? '').filter((cell) => !isMissing(cell))
    return present.length > 0 && present.filter(isNumber).length >= 0.9 * present.length
  })
}

/** Whether fields are a row of a table: as many as it has columns, numbers where it has numbers. */
export function looksLikeRow(fields: string[], numeric: boolean[]): boolean {
  return (
    fields.length === numeric.length &&
    numeric.includes(true) &&
    fields.every((cell, column) => !numeric[column] || isNumber(cell))
  )
}
