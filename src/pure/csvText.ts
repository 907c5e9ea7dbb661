export type CsvField = string | number | null | undefined

function csvField(value: CsvField): string {
  if (value === null || value === undefined) return ''
  const text = String(value)
  return /[",\n\r]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
}

/** A table in CSV (RFC 4180), the head first; what is missing is an empty field. */
export const csvText = (rows: CsvField[][]): string => rows.map((row) => row.map(csvField).join(',')).join('\n')
