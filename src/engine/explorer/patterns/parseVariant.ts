import { RE2JS } from 're2js'
import { EngineError } from '#protocol/errors.ts'
import { tokenise, type TokeniserResources } from '#engine/corpus/text/tokenise.ts'
import { tokenSettings } from '../tokens/tokenSettings.ts'

/** What one word of an item may be. */
export type WordPattern =
  | { kind: 'word'; word: string }
  /** What stands between the stars. */
  | { kind: 'wildcard'; pieces: string[] }
  | { kind: 'expression'; expression: RE2JS }

/** One way to say a variant: consecutive words. */
export interface VariantItem {
  text: string
  words: WordPattern[]
}

/** What is counted as one: `name` as a person wrote it. */
export interface Variant {
  name: string
  items: VariantItem[]
}

const longestPattern = 1000
const resources: TokeniserResources = {
  tokenisation: 'text',
  stopWords: new Set(),
  placeNames: { names: new Set(), longest: 0 },
}

/**
 * Reads a variant: items with commas between them, each a word, a phrase (words with blanks between them), a wildcard
 * (`*heim`, `ge*t`; a star stands for any letters or none) or `/a regular expression/` over whole word forms. A comma inside
 * of an expression belongs to it; elsewhere `\,` is one.
 * @throws EngineError 'explorer/bad-pattern'
 */
export function parseVariant(text: string, tokenisation: 'text' | 'answers'): Variant {
  const items = splitItems(text).flatMap((item) => (item.trim() === '' ? [] : [parseItem(item.trim(), tokenisation)]))
  if (items.length === 0) throw badPattern(text, 'it names no word')
  return { name: text, items }
}

function splitItems(text: string): string[] {
  if (text.length > longestPattern)
    throw badPattern(`${text.slice(0, 40)}...`, `it has ${text.length} characters; at most ${longestPattern} are read`)
  const found = text.match(/\s*\/(?:\\.|[^\\/])+\/\s*(?=,|$)|(?:\\.|[^\\,])+/g)
  return (found ?? []).map((item) => (/^\s*\//.test(item) ? item : item.replaceAll('\\,', ',')))
}

function parseItem(text: string, tokenisation: 'text' | 'answers'): VariantItem {
  const expression = /^\/(.+)\/$/su.exec(text)?.[1]
  if (expression !== undefined) return { text, words: [compile(text, expression)] }
  const plain = text.replace(/^"(.*)"$/su, '$1')
  if (tokenisation === 'answers') return { text, words: [answer(plain.replace(/\s+/g, '_'))] }
  const words = plain.split(/\s+/).flatMap((part) => wordsOf(part))
  if (words.length === 0) throw badPattern(text, 'no word is left of it once it is cut as texts are')
  return { text, words }
}

const answer = (text: string): WordPattern =>
  text.includes('*')
    ? { kind: 'wildcard', pieces: text.normalize('NFC').split('*') }
    : { kind: 'word', word: text.normalize('NFC') }

/** Words are cut from a pattern as from a text, so that they meet: lower case, one apostrophe, one normal form. */
function wordsOf(part: string): WordPattern[] {
  if (!part.includes('*'))
    return tokenise(part, tokenSettings, resources).tokens.map((word) => ({ kind: 'word', word }))
  return [
    {
      kind: 'wildcard',
      pieces: part
        .normalize('NFC')
        .toLowerCase()
        .normalize('NFC')
        .replace(/[’‘‛`´′＇]/g, "'")
        .split('*'),
    },
  ]
}

function compile(text: string, expression: string): WordPattern {
  try {
    return { kind: 'expression', expression: RE2JS.compile(expression.normalize('NFC')) }
  } catch (cause) {
    throw badPattern(text, `it is no regular expression (${(cause as Error).message})`, cause)
  }
}

const badPattern = (text: string, reason: string, cause?: unknown) =>
  new EngineError(
    'explorer/bad-pattern',
    `The pattern ${text} cannot be used: ${reason}. Expected words, a phrase, a wildcard such as *heim or /a regular expression/, with commas between them.`,
    { pattern: text },
    { cause },
  )
