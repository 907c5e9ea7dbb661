/**
 * A matcher of names against a pattern in which `*` stands for any characters, none included. It takes the parts between the
 * stars at their first places, in time linear in the name for each part: a regular expression of many stars can take forever.
 */
export function wildcardMatcher(pattern: string): (name: string) => boolean {
  const [first, ...rest] = pattern.split('*') as [string, ...string[]]
  const last = rest.pop()
  if (last === undefined) return (name) => name === pattern
  return (name) => {
    if (!name.startsWith(first)) return false
    let at = first.length
    for (const part of rest) {
      const found = name.indexOf(part, at)
      if (found < 0) return false
      at = found + part.length
    }
    return name.length - last.length >= at && name.endsWith(last)
  }
}
