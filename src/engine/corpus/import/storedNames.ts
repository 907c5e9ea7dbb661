/**
 * Names of further columns as documents.parquet has them: DuckDB takes names that differ only in case for one, so a later one
 * gets a number ("Sex", "sex (2)").
 */
export function storedNames(names: string[]): string[] {
  const taken = new Set(names.map((name) => name.toLowerCase()))
  const used = new Set<string>()
  return names.map((name) => {
    let stored = name
    for (
      let number = 2;
      used.has(stored.toLowerCase()) || (stored !== name && taken.has(stored.toLowerCase()));
      number++
    )
      stored = `${name} (${number})`
    used.add(stored.toLowerCase())
    return stored
  })
}
