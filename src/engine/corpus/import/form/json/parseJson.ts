export type JsonObject = Record<string, unknown>

const token = /"[^"\\]*(?:\\[^][^"\\]*)*"|-?(?:Infinity|\d+(?:\.\d+)?(?:[eE][-+]?\d+)?)|NaN/g

/** Where a long whole number stands, by what is round it; in a string such a place may be, too. */
const longNumber = /([:,[]\s*)(-?\d{16,})(?=\s*[,}\]])/g

/** Numbers of so many digits are no longer exact as a double. */
const exactDigits = 15

/**
 * An object as JSON has it. Whole numbers of more than 15 digits become strings, so that ids keep every digit; NaN and
 * Infinity, which Python writes, become null.
 * @returns null where the text is no JSON object
 */
export function parseObject(text: string): JsonObject | null {
  const hasLongNumbers = /\d{16}/.test(text)
  // Quotes put into a string end it before a digit, which is no JSON: then every string is looked at.
  const value =
    tryParse(hasLongNumbers ? text.replace(longNumber, '$1"$2"') : text) ??
    (hasLongNumbers || /NaN|Infinity/.test(text) ? tryParse(withLongNumbersQuoted(text)) : undefined)
  if (value === null || typeof value !== 'object' || Array.isArray(value)) return null
  return (text.includes('"$') ? withoutTypes(value) : value) as JsonObject
}

const typed = /^\$(oid|date|numberLong|numberInt|numberDouble|numberDecimal|uuid)$/

/** MongoDB writes a value with its type, {"$numberLong": "12"} (Extended JSON): the value alone is meant. */
function withoutTypes(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutTypes)
  if (typeof value !== 'object' || value === null) return value
  const entries = Object.entries(value)
  const [only] = entries
  if (entries.length === 1 && typed.test(only![0])) return withoutTypes(only![1])
  return Object.fromEntries(entries.map(([key, held]) => [key, withoutTypes(held)]))
}

function tryParse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

function withLongNumbersQuoted(text: string): string {
  return text.replace(token, (found) => {
    if (found.startsWith('"')) return found
    if (/[NI]/.test(found)) return 'null'
    return found.length > exactDigits && /^-?\d+$/.test(found) ? `"${found}"` : found
  })
}
