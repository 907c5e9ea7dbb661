/**
 * Whether a name matches a pattern in which `*` stands for any text. Each piece between asterisks is taken where it comes
 * first: nothing is tried twice, so that no pattern can take long.
 */
export function wildcardMatcher(pattern: string): (name: string) => boolean {
  const [head = '', ...pieces] = pattern.split('*')
  const tail = pieces.pop()
  if (tail === undefined) return (name) => name === pattern
  return (name) => {
    if (name.length < head.length + tail.length || !name.startsWith(head) || !name.endsWith(tail)) return false
    const end = name.length - tail.length
    let at = head.length
    for (const piece of pieces) {
      const found = name.indexOf(piece, at)
      if (found < 0 || found + piece.length > end) return false
      at = found + piece.length
    }
    return true
  }
}
