/** How words that are too rare for the vocabulary are replaced by the token of the one place they occur in. */

/** The token of a place; the character cannot come out of the tokeniser, so no word is taken for it. */
export const placeToken = (name: string) => `⟨${name}⟩`

/** What is known of a rarer word's training occurrences: enough to leave one document out. */
export interface RareWords {
  /** First place seen, and how many documents have the word there; by word. */
  firstPlace: Int32Array
  firstDocuments: Int32Array
  /** Another place, or -1; its documents; and whether there is a third. */
  secondPlace: Int32Array
  secondDocuments: Int32Array
  more: Uint8Array
}

export function emptyRareWords(count: number): RareWords {
  return {
    firstPlace: new Int32Array(count).fill(-1),
    firstDocuments: new Int32Array(count),
    secondPlace: new Int32Array(count).fill(-1),
    secondDocuments: new Int32Array(count),
    more: new Uint8Array(count),
  }
}

/** Counts one training document of `place` that holds `word` (called once a document). */
export function seeRareWord(rare: RareWords, word: number, place: number): void {
  if (rare.firstPlace[word] === -1 || rare.firstPlace[word] === place) {
    rare.firstPlace[word] = place
    rare.firstDocuments[word]!++
  } else if (rare.secondPlace[word] === -1 || rare.secondPlace[word] === place) {
    rare.secondPlace[word] = place
    rare.secondDocuments[word]!++
  } else rare.more[word] = 1
}

/** The place whose token stands for the word in a document outside training, or under `naive` in any; -1: discarded. */
export function placeOf(rare: RareWords, word: number): number {
  return rare.more[word] || rare.secondPlace[word] !== -1 ? -1 : rare.firstPlace[word]!
}

/** The same for a training document of `ownPlace`, whose own occurrence has no vote (leave-one-out). */
export function placeWithout(rare: RareWords, word: number, ownPlace: number): number {
  if (rare.more[word]) return -1
  const [first, second] = [rare.firstPlace[word]!, rare.secondPlace[word]!]
  const firstLeft = rare.firstDocuments[word]! - (first === ownPlace ? 1 : 0)
  const secondLeft = rare.secondDocuments[word]! - (second === ownPlace ? 1 : 0)
  if (firstLeft > 0 && secondLeft > 0) return -1
  return firstLeft > 0 ? first : secondLeft > 0 ? second : -1
}
