/** Longer words are no slip of the pen, and comparing them takes long. */
const longestCompared = 100

/** The known word nearest to `word` by edits of one letter, or null where none is near enough to be meant. */
export function nearestWord(word: string, known: readonly string[]): string | null {
  if (word.length > longestCompared) return null
  const lower = word.toLowerCase()
  const ranked = known
    .map((candidate) => ({ candidate, edits: editDistance(lower, candidate.toLowerCase()) }))
    .sort((a, b) => a.edits - b.edits)
  const best = ranked[0]
  return best && best.edits <= Math.max(2, Math.ceil(word.length / 2)) ? best.candidate : null
}

/** Levenshtein distance. */
function editDistance(a: string, b: string): number {
  let previous = Array.from({ length: b.length + 1 }, (_, j) => j)
  for (let i = 1; i <= a.length; i++) {
    const row = [i]
    for (let j = 1; j <= b.length; j++) {
      row.push(Math.min(row[j - 1]! + 1, previous[j]! + 1, previous[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1)))
    }
    previous = row
  }
  return previous[b.length]!
}
