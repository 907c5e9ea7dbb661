import type { PreprocessSettings } from '#protocol/experiment.ts'
import { emojiExpression, qualifiedEmoji } from './emoji.ts'
import { normalForm, readableText } from './readableText.ts'

export interface Tokens {
  tokens: string[]
  /** Start and end of each token in the stored text, UTF-16 offsets, two a token. */
  spans: number[]
}

/** What tokenising needs beside the settings, prepared once for a corpus. */
export interface TokeniserResources {
  tokenisation: 'text' | 'answers'
  stopWords: ReadonlySet<string>
  /** Lower-case names of places, their words joined by one space; empty where they are kept. */
  placeNames: PlaceNames
}

export interface PlaceNames {
  names: ReadonlySet<string>
  /** Words in the longest name. */
  longest: number
}

/** Marks of letters, without those that make an emoji of a digit or a sign; signs of the phonetic alphabet for tones and r-colour. */
const marks = String.raw`[[\p{M}˞˥-˭꜀-꜖]--[\ufe0e\ufe0f\u20e3]]`
/** The zero-width non-joiner of Persian and the joiner of Indic scripts. */
const joiners = String.raw`\u200c\u200d`
const lettersOf = String.raw`[\p{L}${marks}${joiners}]*`
const start = String.raw`[\p{L}\p{N}_]`
const word = String.raw`[\p{L}\p{N}_${marks}${joiners}]`
/** Addresses and the separator of tweets: never tokens. */
const dropped = String.raw`(?:https?:\/\/|www\.)\S+|\|\|\|`
/** As keyboards and fonts give it: typewriter's, typographic, grave, acute, prime, fullwidth, Armenian. */
const apostrophe = "['’‘‛`´′＇՚]"
/** The order decides: METHODS, "Words". */
const expression = new RegExp(
  [
    `(?<dropped>${dropped})`,
    `(?<mention>@${start}${word}*)`,
    `(?<hashtag>#${start}${word}*)`,
    String.raw`(?<letters>\p{L}${lettersOf}(?:${apostrophe}\p{L}${lettersOf})*(?!${word}))`,
    `(?<emoji>${emojiExpression})`,
    String.raw`(?<number>\p{N}+(?:[.,:]\p{N}+)*(?!${word}))`,
    `(?<other>${start}${word}*)`,
  ].join('|'),
  'gv',
)
/** Letters of Hawaiian, Ukrainian or the phonetic alphabet among them, which look like an apostrophe and are used as one. */
const innerApostrophe = /(?<!^)['’‘‛`´′＇՚ʼʻ](?!$)/g

/** Scripts that write words without spaces between them. */
const unspaced =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}]/u
let segmenter: Intl.Segmenter | null = null
/** Letters without a space or a mark between them that are cut together: the segmenter's time grows faster than its text. */
const longestRun = 4096

/** Cuts a text into tokens by the settings; survey answers are cut at spaces and left as they are, but for their normal form. */
export function tokenise(stored: string, settings: PreprocessSettings, resources: TokeniserResources): Tokens {
  const found: Tokens = { tokens: [], spans: [] }
  const normal = (text: string) => normalForm(text, settings.unicode)
  if (resources.tokenisation === 'answers') {
    for (const { 0: answer, index } of stored.matchAll(/\S+/g)) {
      found.tokens.push(normal(answer))
      found.spans.push(index, index + answer.length)
    }
    return found
  }
  const { text, places } = readableText(stored, settings.unicode)
  const add = (token: string, start: number, end: number) => {
    found.tokens.push(token)
    found.spans.push(places ? places.starts[start]! : start, places ? places.ends[end - 1]! : end)
  }
  // Lower case may be composed where capitals cannot.
  const fold = (token: string) => (settings.lowercase ? normal(token.toLowerCase()) : token)
  const zero = (token: string) => (settings.numbers === 'zero' ? token.replace(/\p{N}/gu, '0') : token)
  const addWord = (raw: string, start: number) => {
    const token = zero(fold(raw)).replace(innerApostrophe, "'")
    if (!resources.stopWords.has(token.toLowerCase())) add(token, start, start + raw.length)
  }
  for (const match of text.matchAll(expression)) {
    const { 0: whole, index, groups } = match
    if (groups!['dropped'] !== undefined) {
      if (settings.urls === 'keep' && whole !== '|||') add(fold(whole), index, index + whole.length)
      continue
    }
    if (groups!['emoji'] !== undefined) {
      add(qualifiedEmoji(whole), index, index + whole.length)
      continue
    }
    const raw = withoutLastJoiners(whole)
    if (groups!['mention'] !== undefined) {
      // A name's digits are the name: numbers inside mentions stay.
      if (settings.mentions === 'keep') add(fold(raw), index, index + raw.length)
    } else if (groups!['hashtag'] !== undefined) {
      if (settings.hashtags === 'keep') add(zero(fold(raw)), index, index + raw.length)
      else if (settings.hashtags === 'word') addWord(raw.slice(1), index + 1)
    } else if (groups!['letters'] !== undefined && unspaced.test(raw)) {
      segmenter ??= new Intl.Segmenter(undefined, { granularity: 'word' })
      for (const { piece, start } of piecesOf(raw)) {
        for (const { segment, index: offset, isWordLike } of segmenter.segment(piece))
          if (isWordLike) addWord(segment, index + start + offset)
      }
    } else addWord(raw, index)
  }
  return resources.placeNames.names.size > 0 ? withoutPlaceNames(found, resources.placeNames) : found
}

/** A run of letters in pieces of at most `longestRun` UTF-16 units; a character stays whole. */
function* piecesOf(run: string): Generator<{ piece: string; start: number }> {
  for (let start = 0, end; start < run.length; start = end) {
    end = Math.min(run.length, start + longestRun)
    if (end < run.length && isLowSurrogate(run.charCodeAt(end))) end--
    yield { piece: run.slice(start, end), start }
  }
}

const isLowSurrogate = (unit: number) => unit >= 0xdc00 && unit < 0xe000

/** A joiner at a word's end joins nothing, but behind a mark: there it gives a consonant of Malayalam or Sinhala its form. */
function withoutLastJoiners(word: string): string {
  let end = word.length
  while (/[\u200c\u200d]/.test(word.charAt(end - 1))) end--
  const keepsOne = word.charAt(end) === '\u200d' && /\p{M}$/u.test(word.slice(Math.max(0, end - 2), end))
  return word.slice(0, keepsOne ? end + 1 : end)
}

/** Takes out the longest runs of tokens that spell a place's name. */
function withoutPlaceNames({ tokens, spans }: Tokens, { names, longest }: PlaceNames): Tokens {
  const kept: Tokens = { tokens: [], spans: [] }
  for (let i = 0; i < tokens.length;) {
    let run = 0
    for (let length = Math.min(longest, tokens.length - i); length > 0 && run === 0; length--) {
      const name = tokens
        .slice(i, i + length)
        .join(' ')
        .toLowerCase()
        .replace(/^#/, '')
      if (names.has(name)) run = length
    }
    if (run === 0) {
      kept.tokens.push(tokens[i]!)
      kept.spans.push(spans[2 * i]!, spans[2 * i + 1]!)
    }
    i += Math.max(1, run)
  }
  return kept
}
