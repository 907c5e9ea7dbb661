import { isAscii } from 'node:buffer'
import type { Encoding } from './encodings.ts'
import { guessLegacyEncoding } from './legacyEncoding.ts'
import { looksLikeUtf8 } from './looksLikeUtf8.ts'

export interface FoundEncoding {
  encoding: Encoding
  /** What was guessed, for the user. */
  note: string | null
}

/** Below this many bits for each byte beyond ASCII, another encoding fits nearly as well. */
const sureMargin = 0.5

/**
 * The encoding of text by a sample of it: its mark, else UTF-16 by where its zero bytes lie, else UTF-8 where most of it is,
 * else the legacy encoding under which it is the most probable text.
 * @param isEnd the sample ends where the file does
 */
export function findEncoding(sample: Buffer, isEnd: boolean): FoundEncoding {
  if (sample[0] === 0xff && sample[1] === 0xfe) return { encoding: 'utf-16le', note: null }
  if (sample[0] === 0xfe && sample[1] === 0xff) return { encoding: 'utf-16be', note: null }
  const utf16 = utf16WithoutMark(sample)
  if (utf16)
    return {
      encoding: utf16,
      note: `The file has no byte order mark and was taken for ${utf16.toUpperCase()}: every other byte of its ASCII characters is 0.`,
    }
  if (isAscii(sample) && sample.includes('\x1b$'))
    return { encoding: 'iso-2022-jp', note: guessedNote('iso-2022-jp', 'escape sequences of Japanese text', true) }
  if (isAscii(sample) || looksLikeUtf8(sample, isEnd)) return { encoding: 'utf-8', note: null }
  const { encoding, languages, margin } = guessLegacyEncoding(sample)
  return {
    encoding,
    note: guessedNote(
      encoding,
      `its letters are as frequent as in ${languages.map(languageName).join(' and ')}`,
      margin >= sureMargin,
    ),
  }
}

const guessedNote = (encoding: string, why: string, isSure: boolean) =>
  `The file is not UTF-8 and was read as ${encoding}: ${why}.${isSure ? '' : ' Another encoding fits nearly as well.'} If letters look wrong, name its encoding (--encoding NAME, or corpus.encoding).`

const languageName = (language: string) =>
  language.replace(/[A-Z]/, (capital) => ` ${capital}`).replace(/^./, (first) => first.toUpperCase())

/** Of UTF-16, ASCII characters (digits of coordinates, tabs, line ends) have a zero byte, and nearly all of these on one side. */
function utf16WithoutMark(sample: Buffer): Encoding | null {
  const zeros = [0, 0]
  for (let at = sample.indexOf(0); at >= 0; at = sample.indexOf(0, at + 1)) zeros[at & 1]!++
  const [even, odd] = zeros as [number, number]
  if (even + odd < sample.length / 20 || Math.max(even, odd) < 5 * Math.min(even, odd)) return null
  return odd > even ? 'utf-16le' : 'utf-16be'
}
