import type { StageContext } from '#engine/context.ts'
import { pause } from '#engine/pause.ts'
import type { WordList } from '../tokens/wordList.ts'
import type { Variant, WordPattern } from './parseVariant.ts'

/** A variant with the ids that each word of its items may have. */
export interface MatchedVariant {
  name: string
  items: { text: string; words: Int32Array[] }[]
}

/** Some milliseconds of work. */
const idsAtOnce = { wildcard: 1 << 18, expression: 1 << 13 }

/** Looks a variant's patterns up among all words of a corpus; what matches nothing has no ids. */
export async function matchVariant(
  { name, items }: Variant,
  words: WordList,
  context: StageContext,
): Promise<MatchedVariant> {
  const matched: MatchedVariant = { name, items: [] }
  for (const item of items) {
    const ids: Int32Array[] = []
    for (const pattern of item.words) ids.push(await matchWord(pattern, words, context))
    matched.items.push({ text: item.text, words: ids })
  }
  return matched
}

async function matchWord(pattern: WordPattern, words: WordList, context: StageContext): Promise<Int32Array> {
  if (pattern.kind === 'word') {
    const id = words.find(pattern.word)
    return id < 0 ? new Int32Array(0) : Int32Array.of(id)
  }
  const test =
    pattern.kind === 'wildcard'
      ? wildcardTest(pattern.pieces)
      : (bytes: Buffer, start: number, end: number) => pattern.expression.matches(bytes.toString('utf8', start, end))
  const found: number[] = []
  const step = idsAtOnce[pattern.kind]
  for (let from = 0; from < words.size; from += step) {
    words.eachBytes(from, Math.min(words.size, from + step), (id, bytes, start, end) => {
      if (test(bytes, start, end)) found.push(id)
    })
    context.report({ done: from, total: words.size, unit: 'words', title: 'Look words up' })
    await pause(context)
  }
  return Int32Array.from(found)
}

/** Whether bytes are the pieces in order with anything between them: each inner piece where it is first found, so in linear time. */
function wildcardTest(texts: string[]): (bytes: Buffer, start: number, end: number) => boolean {
  const pieces = texts.map((text) => Buffer.from(text))
  const [first, last] = [pieces[0]!, pieces.at(-1)!]
  const inner = pieces.slice(1, -1).filter(({ length }) => length > 0)
  const shortest = pieces.reduce((sum, { length }) => sum + length, 0)
  return (bytes, start, end) => {
    if (end - start < shortest) return false
    for (let i = 0; i < first.length; i++) if (bytes[start + i] !== first[i]) return false
    for (let i = 0; i < last.length; i++) if (bytes[end - last.length + i] !== last[i]) return false
    const stop = end - last.length
    let at = start + first.length
    for (const piece of inner) {
      const found = indexWithin(bytes, piece, at, stop)
      if (found < 0) return false
      at = found + piece.length
    }
    return true
  }
}

function indexWithin(bytes: Buffer, piece: Buffer, from: number, to: number): number {
  for (let at = from; at + piece.length <= to; at++) {
    let i = 0
    while (i < piece.length && bytes[at + i] === piece[i]) i++
    if (i === piece.length) return at
  }
  return -1
}
