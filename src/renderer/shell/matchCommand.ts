/**
 * How well a title answers what was typed: letters in order, those at the start of a word and those that follow one
 * another count more. Null where it does not answer at all.
 */
export function matchScore(typed: string, title: string): number | null {
  const wanted = typed.toLowerCase().replace(/\s+/g, '')
  const letters = title.toLowerCase()
  let score = 0
  let at = -1
  for (const letter of wanted) {
    const next = nextBest(letters, letter, at)
    if (next < 0) return null
    score += next === at + 1 ? 2 : isWordStart(letters, next) ? 3 : 0
    at = next
  }
  // Of two equal answers the shorter is meant.
  return score - letters.length / 100
}

/** The next place of a letter: right behind the last one, else at the start of a word, else anywhere. */
function nextBest(text: string, letter: string, after: number): number {
  if (text[after + 1] === letter) return after + 1
  for (let i = after + 1; i < text.length; i++) if (text[i] === letter && isWordStart(text, i)) return i
  return text.indexOf(letter, after + 1)
}

const isWordStart = (text: string, i: number) => i === 0 || /[^a-z0-9]/.test(text[i - 1]!)

/** The titles that answer, best first; all of them, in their order, where nothing was typed. */
export function rank<T>(typed: string, items: T[], titleOf: (item: T) => string): T[] {
  if (!typed.trim()) return items
  return items
    .flatMap((item) => {
      const score = matchScore(typed, titleOf(item))
      return score === null ? [] : [{ item, score }]
    })
    .sort((a, b) => b.score - a.score)
    .map(({ item }) => item)
}
