import type { PreprocessSettings } from '#protocol/experiment.ts'

export interface Tokens {
  tokens: string[]
  /** Start and end of each token in the original text, UTF-16 offsets, two a token. */
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

const word = String.raw`[\p{L}\p{M}\p{N}_]`
/** Addresses, HTML entities and the separator of tweets: never tokens. */
const dropped = String.raw`(?:https?:\/\/|www\.)\S+|&(?:[a-zA-Z]{2,8}|#\d{1,6}|#x[\da-fA-F]{1,6});|\|\|\|`
const apostrophe = String.raw`['’ʼ]`
/** The order decides: METHODS, "Words". */
const expression = new RegExp(
  [
    `(?<dropped>${dropped})`,
    `(?<mention>@${word}+)`,
    `(?<hashtag>#${word}+)`,
    String.raw`(?<number>\p{N}+(?:[.,:]\p{N}+)*(?!${word}))`,
    String.raw`(?<letters>[\p{L}\p{M}]+(?:${apostrophe}[\p{L}\p{M}]+)*(?!${word}))`,
    `(?<other>${word}+)`,
    String.raw`(?<emoji>\p{Extended_Pictographic}|\p{Regional_Indicator}{2})`,
  ].join('|'),
  'gu',
)

/** Scripts that write words without spaces between them. */
const unspaced = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}]/u
let segmenter: Intl.Segmenter | null = null
/** Letters without a space or a mark between them that are cut together: the segmenter's time grows faster than its text. */
const longestRun = 4096

/** Cuts a text into tokens by the settings; survey answers are cut at spaces and left as they are. */
export function tokenise(text: string, settings: PreprocessSettings, resources: TokeniserResources): Tokens {
  const found: Tokens = { tokens: [], spans: [] }
  const add = (token: string, start: number, end: number) => {
    found.tokens.push(token)
    found.spans.push(start, end)
  }
  if (resources.tokenisation === 'answers') {
    for (const { 0: token, index } of text.matchAll(/\S+/g)) add(token, index, index + token.length)
    return found
  }
  const fold = (token: string) => (settings.lowercase ? token.toLowerCase() : token)
  const zero = (token: string) => (settings.numbers === 'zero' ? token.replace(/\p{N}/gu, '0') : token)
  const addWord = (raw: string, start: number) => {
    const token = zero(fold(raw)).replace(/[’ʼ]/g, "'")
    if (!resources.stopWords.has(token.toLowerCase())) add(token, start, start + raw.length)
  }
  for (const match of text.matchAll(expression)) {
    const { 0: raw, index, groups } = match
    if (groups!['dropped'] !== undefined) {
      if (settings.urls === 'keep' && /^(https?:|www\.)/.test(raw)) add(fold(raw), index, index + raw.length)
    } else if (groups!['mention'] !== undefined) {
      // A name's digits are the name: numbers inside mentions stay.
      if (settings.mentions === 'keep') add(fold(raw), index, index + raw.length)
    } else if (groups!['hashtag'] !== undefined) {
      if (settings.hashtags === 'keep') add(zero(fold(raw)), index, index + raw.length)
      else if (settings.hashtags === 'word') addWord(raw.slice(1), index + 1)
    } else if (groups!['letters'] !== undefined && unspaced.test(raw)) {
      segmenter ??= new Intl.Segmenter(undefined, { granularity: 'word' })
      for (const { piece, start } of piecesOf(raw)) {
        for (const { segment, index: offset, isWordLike } of segmenter.segment(piece)) if (isWordLike) addWord(segment, index + start + offset)
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

/** Takes out the longest runs of tokens that spell a place's name. */
function withoutPlaceNames({ tokens, spans }: Tokens, { names, longest }: PlaceNames): Tokens {
  const kept: Tokens = { tokens: [], spans: [] }
  for (let i = 0; i < tokens.length; ) {
    let run = 0
    for (let length = Math.min(longest, tokens.length - i); length > 0 && run === 0; length--) {
      const name = tokens.slice(i, i + length).join(' ').toLowerCase().replace(/^#/, '')
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
