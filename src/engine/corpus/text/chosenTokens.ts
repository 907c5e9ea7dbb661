import type { TokeniserResources } from './tokenise.ts'
import type { WordTable } from './wordTable.ts'

/** What is known of a word, kept as its mark. */
const ordinary = 1
const stopWord = 2
const beginsPlaceName = 3

/**
 * Takes stop words and names of places out of a document's ids, as `tokenise` leaves them out; each word is looked at once.
 * @returns a function that moves the kept ids of `ids[0..length]` to the front and returns how many there are
 */
export function chosenTokens(words: WordTable, { stopWords, placeNames, tokenisation }: TokeniserResources): (ids: Uint32Array, length: number) => number {
  const { names, longest } = placeNames
  if (tokenisation === 'answers' || (stopWords.size === 0 && names.size === 0)) return (_, length) => length
  const firstWords = new Set([...names].map((name) => name.split(' ', 1)[0]!))
  // Capitals may have fewer or more bytes.
  const mostBytes = 2 * Math.max(...[...stopWords, ...firstWords].map((word) => Buffer.byteLength(word)))
  const [at, sign] = [0x40, 0x23]

  const markOf = (id: number): number => {
    const known = words.mark(id)
    if (known !== 0) return known
    const mark = words.byteLength(id) > mostBytes ? ordinary : judge(id)
    words.setMark(id, mark)
    return mark
  }
  const judge = (id: number) => {
    const first = words.firstByte(id)
    const word = words.text(id).toLowerCase()
    if (first !== at && first !== sign && stopWords.has(word)) return stopWord
    return firstWords.has(word.replace(/^#/, '')) ? beginsPlaceName : ordinary
  }

  return (ids, length) => {
    let kept = 0
    let maybeNames = false
    for (let i = 0; i < length; i++) {
      const mark = markOf(ids[i]!)
      if (mark === stopWord) continue
      if (mark === beginsPlaceName) maybeNames = true
      ids[kept++] = ids[i]!
    }
    return maybeNames ? withoutPlaceNames(ids, kept) : kept
  }

  /** The longest runs that spell a name, from left to right. */
  function withoutPlaceNames(ids: Uint32Array, length: number): number {
    let kept = 0
    for (let i = 0; i < length; ) {
      let run = 0
      if (words.mark(ids[i]!) === beginsPlaceName) {
        const texts = Array.from(ids.subarray(i, Math.min(length, i + longest)), (id) => words.text(id).toLowerCase())
        texts[0] = texts[0]!.replace(/^#/, '')
        for (run = texts.length; run > 0 && !names.has(texts.slice(0, run).join(' ')); ) run--
      }
      if (run === 0) ids[kept++] = ids[i]!
      i += Math.max(1, run)
    }
    return kept
  }
}
