import { isUtf8 } from 'node:buffer'

/**
 * Whether bytes are UTF-8, perhaps with damage: one character beyond ASCII is no accident, so as many of them as bad bytes
 * are enough. Legacy encodings hold a valid one by chance at every fifth letter at most.
 * @param isEnd the file ends here: a character that is cut off is bad then, and says nothing else
 */
export function looksLikeUtf8(bytes: Buffer, isEnd: boolean): boolean {
  if (isUtf8(bytes)) return true
  let [valid, bad] = [0, 0]
  for (let at = 0; at < bytes.length;) {
    const byte = bytes[at]!
    const length = byte < 0x80 ? 1 : byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : 2
    const isWhole = at + length <= bytes.length
    const isCharacter = isWhole && (length === 1 || isUtf8(bytes.subarray(at, at + length)))
    if (length > 1 && isCharacter) valid++
    else if (!isCharacter && (isWhole || isEnd)) bad++
    at += isCharacter ? length : 1
  }
  return valid >= bad
}
