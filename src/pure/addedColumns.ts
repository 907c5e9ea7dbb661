/** Names of columns that are added to a table: with "predicted_" before all of them, as often as it takes, where it has one of them. */
export function addedColumns(columns: readonly string[], added: readonly string[]): string[] {
  if (!added.some((name) => columns.includes(name))) return [...added]
  const longer = added.map((name) => `predicted_${name}`)
  return addedColumns(columns, longer)
}
