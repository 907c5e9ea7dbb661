/**
 * Distinct names of columns: a name that stands twice gets a number, a column without one is called by its place.
 * @returns the names, and sentences about those that were changed
 */
export function columnNames(header: string[]): { columns: string[]; notes: string[] } {
  const taken = new Set(header.map((name) => name.trim()))
  const used = new Set<string>()
  const renamed: string[] = []
  const unnamed: string[] = []
  const free = (name: string, from: number) => {
    let number = from
    while (used.has(`${name} ${number}`) || taken.has(`${name} ${number}`)) number++
    return `${name} ${number}`
  }
  const columns = header.map((cell, index) => {
    const name = cell.trim()
    const given = name === '' ? free('column', index + 1) : used.has(name) ? free(name, 2) : name
    if (name === '') unnamed.push(given)
    else if (given !== name) renamed.push(`"${given}"`)
    used.add(given)
    return given
  })
  const notes =
    renamed.length > 0
      ? [
          `Several columns have the same name: the later ones are called ${renamed.slice(0, 5).join(', ')}${renamed.length > 5 ? ', ...' : ''}.`,
        ]
      : []
  if (unnamed.length > 0)
    notes.push(
      `${unnamed.length === 1 ? 'A column has no name and is' : 'Some columns have no names and are'} called ${unnamed.slice(0, 5).join(', ')}${unnamed.length > 5 ? ', ...' : ''}.`,
    )
  return { columns, notes }
}
