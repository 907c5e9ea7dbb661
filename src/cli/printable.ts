/** Control characters but tab and line end, and marks that turn the direction of writing. */
const unprintable = /[\p{Cc}\u200e\u200f\u202a-\u202e\u2066-\u2069]/gu

/** A text that a terminal only shows: an escape sequence out of somebody's file neither moves the cursor nor hides a line. */
export function printable(text: string): string {
  return text.replace(unprintable, (character) => (character === '\n' || character === '\t' ? character : `\\u${character.codePointAt(0)!.toString(16).padStart(4, '0')}`))
}
