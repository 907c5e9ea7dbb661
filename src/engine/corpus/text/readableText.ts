import { decodeHTML, decodeHTMLStrict } from 'entities'
import type { PreprocessSettings } from '#protocol/experiment.ts'

/** A text made from a stored one, and for each of its UTF-16 units where in the stored text what it was made from starts and ends. */
export interface AlignedText {
  text: string
  /** Left out where the text is the stored one. */
  places?: { starts: Uint32Array; ends: Uint32Array }
}

/** An HTML entity, also one whose ampersand was escaped again: names of HTML 5, decimal and hexadecimal numbers. */
const entity = /&(?:amp;)*(?:[a-zA-Z][a-zA-Z\d]{1,31}|#\d{1,7}|#[xX][\da-fA-F]{1,6});/g
/**
 * An entity of Latin-1's letters whose semicolon was lost, "caf&eacute". HTML reads such, too; only names that no word
 * begins with, so that "R&Deth" and "x&copyright" stay.
 */
const cutEntity =
  /&(?:amp;)*(?:[aeiouyAEIOUY](?:acute|grave|circ|uml)|[anoANO]tilde|[cC]cedil|szlig|[aA]ring|(?:ae|AE)lig|[oO]slash)(?!;)/g
/** Characters that only say where a line may break: soft hyphens and word joiners. */
const invisible = /[\u00ad\u2060]+/g
/** A character and what may be composed with it: marks, and the vowels and finals of Hangul. */
const composed = /[^][\p{M}\u1160-\u11ff]*/gu

/** The text that words are cut from: entities decoded, invisible characters taken out, in the normal form that is asked for. */
export function readableText(stored: string, unicode: PreprocessSettings['unicode']): AlignedText {
  let readable: AlignedText = { text: stored }
  if (stored.includes('&')) {
    readable = replace(readable, entity, (escaped) => decodeHTMLStrict(escaped.replace(/^&(?:amp;)+/, '&')))
    readable = replace(readable, cutEntity, (escaped) => decodeHTML(escaped.replace(/^&(?:amp;)+/, '&')))
  }
  if (readable.text.search(invisible) >= 0) readable = replace(readable, invisible, () => '')
  const normal = normalForm(readable.text, unicode)
  return normal === readable.text
    ? readable
    : replace(readable, composed, (characters) => normalForm(characters, unicode))
}

/** A text in a normal form of Unicode. An acute accent that stands alone stays an apostrophe: NFKC would part the word at it. */
export function normalForm(text: string, unicode: PreprocessSettings['unicode']): string {
  switch (unicode) {
    case 'none':
      return text
    case 'nfc':
      return text.normalize('NFC')
    case 'nfkc':
      return text.replaceAll('´', "'").normalize('NFKC')
    default:
      throw unicode satisfies never
  }
}

/** Replaces what the expression finds; characters that change share the place of the match. */
function replace(
  { text, places }: AlignedText,
  expression: RegExp,
  replacement: (found: string) => string,
): AlignedText {
  const parts: { text: string; from: number; length: number; changed: boolean }[] = []
  let last = 0
  for (const { 0: found, index } of text.matchAll(expression)) {
    const changed = replacement(found)
    if (changed === found) continue
    parts.push({ text: text.slice(last, index), from: last, length: index - last, changed: false })
    parts.push({ text: changed, from: index, length: found.length, changed: true })
    last = index + found.length
  }
  if (parts.length === 0) return { text, places }
  parts.push({ text: text.slice(last), from: last, length: text.length - last, changed: false })
  const replaced = parts.map((part) => part.text).join('')
  const [starts, ends] = [new Uint32Array(replaced.length), new Uint32Array(replaced.length)]
  let unit = 0
  for (const part of parts) {
    for (let i = 0; i < part.text.length; i++, unit++) {
      const [first, final] = part.changed ? [part.from, part.from + part.length - 1] : [part.from + i, part.from + i]
      starts[unit] = places ? places.starts[first]! : first
      ends[unit] = places ? places.ends[final]! : final + 1
    }
  }
  return { text: replaced, places: { starts, ends } }
}
