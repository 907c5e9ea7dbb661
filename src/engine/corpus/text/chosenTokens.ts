import type { TokeniserResources } from './tokenise.ts'
import { leftOut, type WordTable } from './wordTable.ts'

/** What is known of a word, kept as its mark. */
const ordinary = 1
const beginsPlaceName = 3

type Choose = (ids: Uint32Array, length: number) => number

/**
 * Takes stop words and names of places out of a document's ids, as `tokenise` leaves them out; each word is looked at once.
 * Where all words are in lower case, stop words are marked beforehand, and the scanner leaves them out itself.
 * @returns a function that moves the kept ids of `ids[0..length]` to the front and returns how many there are; null where
 * all are kept
 */
export function chosenTokens(
  words: WordTable,
  { stopWords, placeNames, tokenisation }: TokeniserResources,
  lowercase: boolean,
): Choose | null {
  const { names, longest } = placeNames
  const isWord = (text: string) => !/^[@#]/.test(text)
  if (tokenisation === 'answers') return null
  if (lowercase) for (const word of stopWords) if (isWord(word)) words.setMark(words.intern(word), leftOut)
  if (names.size === 0 && (lowercase || stopWords.size === 0)) return null
  const firstWords = new Set([...names].map((name) => name.split(' ', 1)[0]!))
  // Capitals may have fewer or more bytes.
  const mostBytes = 2 * Math.max(...[...stopWords, ...firstWords].map((word) => Buffer.byteLength(word)))

  const markOf = (id: number): number => {
    const known = words.mark(id)
    if (known !== 0) return known
    const mark = words.byteLength(id) > mostBytes ? ordinary : judge(words.text(id).toLowerCase())
    words.setMark(id, mark)
    return mark
  }
  const judge = (text: string) =>
    isWord(text) && stopWords.has(text) ? leftOut : firstWords.has(text.replace(/^#/, '')) ? beginsPlaceName : ordinary

  return (ids, length) => {
    let kept = 0
    let maybeNames = false
    for (let i = 0; i < length; i++) {
      const mark = markOf(ids[i]!)
      if (mark === leftOut) continue
      if (mark === beginsPlaceName) maybeNames = true
      ids[kept++] = ids[i]!
    }
    return maybeNames ? withoutPlaceNames(ids, kept) : kept
  }

  /** The longest runs that spell a name, from left to right. */
  function withoutPlaceNames(ids: Uint32Array, length: number): number {
    let kept = 0
    for (let i = 0; i < length;) {
      let run = 0
      if (words.mark(ids[i]!) === beginsPlaceName) {
        const texts = Array.from(ids.subarray(i, Math.min(length, i + longest)), (id) => words.text(id).toLowerCase())
        texts[0] = texts[0]!.replace(/^#/, '')
        for (run = texts.length; run > 0 && !names.has(texts.slice(0, run).join(' '));) run--
      }
      if (run === 0) ids[kept++] = ids[i]!
      i += Math.max(1, run)
    }
    return kept
  }
}
