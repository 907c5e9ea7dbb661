/** Rows of text in columns, with a rule below the head; the first `left` columns are words, the others figures. */
export function alignedRows(rows: string[][], left: number): string[] {
  const widths = rows[0]!.map((_, column) => Math.max(...rows.map((row) => row[column]!.length)))
  const lines = rows.map((row) =>
    row
      .map((cell, column) => (column < left ? cell.padEnd(widths[column]!) : cell.padStart(widths[column]!)))
      .join('  ')
      .trimEnd(),
  )
  return [lines[0]!, '-'.repeat(widths.reduce((sum, width) => sum + width + 2, -2)), ...lines.slice(1)]
}
