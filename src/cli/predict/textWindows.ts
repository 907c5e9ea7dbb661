/** A piece of a text; offsets are UTF-16, `window` counts from 1. */
export interface TextWindow {
  window: number
  start: number
  end: number
  text: string
}

/**
 * A text in pieces of as many words (what stands between white space); a last piece of less than half as many belongs to the one
 * before. Without a number, or with a short text, it is one piece.
 */
export function windowsOf(text: string, words: number | undefined): TextWindow[] {
  const found = words === undefined ? [] : [...text.matchAll(/\S+/g)]
  if (words === undefined || found.length === 0) return [{ window: 1, start: 0, end: text.length, text }]
  const count = Math.max(1, Math.round(found.length / words))
  return Array.from({ length: count }, (_, k) => {
    const last = found[(k === count - 1 ? found.length : (k + 1) * words) - 1]!
    const [start, end] = [found[k * words]!.index, last.index + last[0].length]
    return { window: k + 1, start, end, text: text.slice(start, end) }
  })
}
