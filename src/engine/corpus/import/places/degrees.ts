/** Characters that a coordinate may have with the spaces round it: far more than any has. */
export const longestField = 256

const minusSigns = /[−–—‒﹣－]/g

/** A number of degrees as tables write it: a decimal point or comma, perhaps spaces or a degree sign; else null. */
export function parseDegrees(field: string): number | null {
  if (field.length > longestField) return null
  const text = field.trim().replace(minusSigns, '-').replace(/°$/, '').replace(',', '.')
  return /^[-+]?(\d+(\.\d*)?|\.\d+)(e[-+]?\d+)?$/i.test(text) ? Number(text) : null
}

const powersOfTen = Array.from({ length: 16 }, (_, power) => 10 ** power)

/**
 * The same for bytes. At most 15 digits with a point are exact as a quotient of two whole numbers (Clinger 1990), and need
 * no string.
 */
export function degreesOf(bytes: Buffer, start: number, end: number): number | null {
  // A character of UTF-8 has at most three bytes a UTF-16 unit.
  if (end - start > 3 * longestField) return null
  let at = start
  const negative = bytes[at] === 0x2d
  if (negative) at++
  let digits = 0
  let value = 0
  let point = -1
  for (; at < end; at++) {
    const byte = bytes[at]! - 0x30
    if (byte >= 0 && byte < 10) {
      value = 10 * value + byte
      digits++
    } else if (byte === -2 && point < 0) point = digits
    else break
  }
  if (at < end || digits === 0 || digits > 15) return parseDegrees(bytes.toString('utf8', start, end))
  const degrees = point < 0 ? value : value / powersOfTen[digits - point]!
  return negative ? -degrees : degrees
}
