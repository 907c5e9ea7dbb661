import type { Encoding } from './encodings.ts'
import { textDecoding } from './textDecoding.ts'
import { lettersOf, type Language } from './letterFrequencies.ts'

const western = [
  'german',
  'french',
  'spanish',
  'portuguese',
  'italian',
  'catalan',
  'dutch',
  'swedish',
  'danish',
  'finnish',
  'icelandic',
  'albanian',
] as const
const central = ['czech', 'slovak', 'polish', 'hungarian', 'romanian', 'croatian', 'german', 'albanian'] as const
const cyrillic = ['russian', 'ukrainian', 'belarusian', 'bulgarian', 'serbian', 'macedonian'] as const
const baltic = ['lithuanian', 'latvian', 'estonian'] as const

/** Legacy encodings with the languages that were written in them, and the bits that a rarer one has to make up for. */
const candidates: Partial<Record<Encoding, { languages: readonly Language[]; rarity: number }>> = {
  'windows-1252': { languages: western, rarity: 0 },
  'windows-1251': { languages: cyrillic, rarity: 0 },
  'windows-1250': { languages: central, rarity: 3 },
  'windows-1253': { languages: ['greek'], rarity: 3 },
  'windows-1254': { languages: ['turkish'], rarity: 3 },
  'windows-1255': { languages: ['hebrew'], rarity: 3 },
  'windows-1256': { languages: ['arabic', 'persian'], rarity: 3 },
  'windows-1257': { languages: baltic, rarity: 4 },
  'windows-1258': { languages: ['vietnamese'], rarity: 8 },
  'windows-874': { languages: ['thai'], rarity: 3 },
  'iso-8859-2': { languages: central, rarity: 4 },
  'iso-8859-5': { languages: cyrillic, rarity: 4 },
  'iso-8859-6': { languages: ['arabic'], rarity: 8 },
  'iso-8859-7': { languages: ['greek'], rarity: 4 },
  'iso-8859-8': { languages: ['hebrew'], rarity: 8 },
  'iso-8859-13': { languages: baltic, rarity: 8 },
  'iso-8859-4': { languages: baltic, rarity: 15 },
  'iso-8859-15': { languages: ['french', 'finnish', 'estonian'], rarity: 4 },
  'koi8-r': { languages: ['russian', 'bulgarian'], rarity: 3 },
  'koi8-u': { languages: ['ukrainian', 'belarusian'], rarity: 4 },
  ibm866: { languages: cyrillic, rarity: 8 },
  macintosh: { languages: western, rarity: 8 },
  ibm850: { languages: western, rarity: 8 },
  ibm437: { languages: western, rarity: 9 },
  ibm852: { languages: central, rarity: 8 },
  ibm855: { languages: cyrillic, rarity: 15 },
  ibm737: { languages: ['greek'], rarity: 8 },
  ibm857: { languages: ['turkish'], rarity: 8 },
  ibm775: { languages: baltic, rarity: 10 },
  'x-mac-cyrillic': { languages: cyrillic, rarity: 15 },
  shift_jis: { languages: ['japanese'], rarity: 3 },
  'euc-jp': { languages: ['japanese'], rarity: 3 },
  'euc-kr': { languages: ['korean'], rarity: 3 },
  gb18030: { languages: ['chinese'], rarity: 3 },
  big5: { languages: ['traditionalChinese'], rarity: 3 },
}

const ideographic = new Set<Language>(['japanese', 'korean', 'chinese', 'traditionalChinese'])

/** Bits of information: of a letter that the language does not have, of a symbol, of what no text holds. */
const [foreign, foreignCharacter, punctuation, symbol, nonsense] = [14, 12.5, 6, 11, 25]
/** Bits for a neighbour that does not belong: a capital after a small letter, a symbol or another script inside a word. */
const misfit = 7
/** Bits that a second language has to make up for: it is one of about fifty. */
const secondLanguage = 6

/** Bits of each letter of a language, as if frequency fell exponentially with rank: to 3 % for the last letter. */
const bitsOf = new Map(
  Object.entries(lettersOf).map(([language, letters]): [Language, Map<string, number>] => {
    const isIdeographic = ideographic.has(language as Language)
    const distinct = [...new Set(letters)]
    const weights = distinct.map((_, rank) =>
      isIdeographic ? 1 / (rank + 10) : Math.exp((-3.5 * rank) / distinct.length),
    )
    const total = weights.reduce((sum, weight) => sum + weight, 0) / (isIdeographic ? 0.5 : 0.97)
    return [language as Language, new Map(distinct.map((letter, rank) => [letter, -Math.log2(weights[rank]! / total)]))]
  }),
)

const isPunctuation = /[¿¡“”‘’‚„–—…«»‹›€°•、。，！？：；「」（）\u00a0\u200c]/u
const isLetter = /[\p{L}\p{M}]/u
const isLatin = /\p{sc=Latin}/u
const isNonsense = /[\p{Cc}\p{Co}\p{Cn}\ufffd]/u

/** How many bytes beyond ASCII are looked at. */
const looked = 8192

export interface GuessedEncoding {
  encoding: Encoding
  /** Two where the text is in both, such as a table of a bilingual country. */
  languages: Language[]
  /** Bits for each byte beyond ASCII by which the next encoding, one with another text, fits less well. */
  margin: number
}

/**
 * The legacy encoding and language under which bytes are the most probable text (least description length): letters by their
 * frequency in the language, and neighbours that fit. This beats general detectors on the few short lines that a table of
 * transcriptions has; see docs/methods.md.
 */
export function guessLegacyEncoding(bytes: Buffer): GuessedEncoding {
  const sample = linesBeyondAscii(bytes)
  const beyond = sample.reduce((count, byte) => count + (byte >= 0x80 ? 1 : 0), 0)
  const fits = Object.entries(candidates).map(([name, { languages, rarity }]) => {
    const encoding = name as Encoding
    const text = textDecoding(encoding).write(sample)
    const { counts, neighbours } = characterCounts(text)
    const tried = languages.flatMap((first, i) => [
      { languages: [first], bits: rarity + neighbours + bitsIn(counts, [first]) },
      ...languages.slice(i + 1).map((second) => ({
        languages: [first, second],
        bits: rarity + neighbours + secondLanguage + bitsIn(counts, [first, second]),
      })),
    ])
    return { encoding, text, ...tried.reduce((best, next) => (next.bits < best.bits ? next : best)) }
  })
  const best = fits.reduce((found, next) => (next.bits < found.bits ? next : found))
  const others = fits.filter(({ text }) => text !== best.text).map(({ bits }) => bits)
  return {
    encoding: best.encoding,
    languages: best.languages,
    margin: (Math.min(...others) - best.bits) / Math.max(1, beyond),
  }
}

function linesBeyondAscii(bytes: Buffer): Buffer {
  const lines: Buffer[] = []
  let beyond = 0
  for (let start = 0; start < bytes.length && beyond < looked;) {
    const newline = bytes.indexOf(0x0a, start)
    const line = bytes.subarray(start, newline < 0 ? bytes.length : newline + 1)
    const found = line.reduce((count, byte) => count + (byte >= 0x80 ? 1 : 0), 0)
    if (found > 0) lines.push(line.subarray(0, 8 * looked))
    beyond += found
    start += line.length
  }
  return Buffer.concat(lines).subarray(0, 8 * looked)
}

/** Characters beyond ASCII in lower case with their number, and the bits of neighbours that do not fit. */
function characterCounts(text: string): { counts: Map<string, number>; neighbours: number } {
  const counts = new Map<string, number>()
  let neighbours = 0
  let before = ''
  let beforeIsLetter = false
  const characters = [...text]
  characters.forEach((character, i) => {
    const isWord = isLetter.test(character)
    if (character > '\x7f') {
      const small = character.toLowerCase()
      counts.set(small, (counts.get(small) ?? 0) + 1)
      const after = characters[i + 1] ?? ''
      if (isWord && beforeIsLetter) {
        if (small !== character && before.toLowerCase() === before && before.toUpperCase() !== before)
          neighbours += misfit
        if (before <= '\x7f' && !isLatin.test(character) && !/\p{M}/u.test(character)) neighbours += misfit
      }
      if (
        isWord &&
        after !== '' &&
        after <= '\x7f' &&
        /[a-z]/i.test(after) &&
        !isLatin.test(character) &&
        !/\p{M}/u.test(character)
      )
        neighbours += misfit
      if (!isWord && beforeIsLetter && isLetter.test(after) && !/[’·\u200c]/.test(character)) neighbours += misfit
    }
    before = character
    beforeIsLetter = isWord
  })
  return { counts, neighbours }
}

/** Bits of characters in text of one language, or of two in equal parts. */
function bitsIn(counts: Map<string, number>, languages: Language[]): number {
  const tables = languages.map((language) => ({
    bits: bitsOf.get(language)!,
    unknown: ideographic.has(language) ? foreignCharacter : foreign,
  }))
  let sum = 0
  for (const [character, count] of counts) {
    const each = tables.map(({ bits, unknown }) => bits.get(character) ?? bitsOfOthers(character, unknown))
    const share = each.reduce((total, bitsHere) => total + 2 ** -bitsHere, 0) / each.length
    sum += count * -Math.log2(share)
  }
  return sum
}

function bitsOfOthers(character: string, unknown: number): number {
  if (isNonsense.test(character)) return nonsense
  if (isPunctuation.test(character)) return punctuation
  return isLetter.test(character) ? unknown : symbol
}
