/** How the fields of a table are written. */
export interface Dialect {
  /** One character; of a space, any number stand between two fields. */
  delimiter: string
  /** Null: quotes are letters. */
  quote: string | null
  /** How a quote (without quotes: a delimiter, tab or line break) stands inside a field. */
  escape: 'doubled' | 'backslash' | null
}

/** What a record's quotes say about the dialect. */
export interface QuoteCounts {
  /** Quoted fields that had to be: they hold a delimiter, a line break or a quote. */
  needed: number
  /** All quoted fields. */
  quoted: number
  /** Fields that begin with a quote and go on behind the next one: that quote is a letter. */
  misplaced: number
}

/**
 * The fields of a record; null where a quote is open at its end. A field that begins with a quote is a quoted one if its
 * closing quote stands at the field's end; else its quotes are letters.
 */
export function splitRecord(text: string, dialect: Dialect, counts?: QuoteCounts): string[] | null {
  const { delimiter, quote, escape } = dialect
  if (delimiter === ' ') return spacedFields(text.trim(), dialect, counts)
  if (quote === null) return escape === 'backslash' ? unescapedFields(text, delimiter) : text.split(delimiter)
  if (!text.includes(quote)) return text.split(delimiter)
  const fields: string[] = []
  for (let at = 0; ;) {
    const opening = quoteAt(text, at, quote)
    if (opening >= 0) {
      const field = quotedField(text, opening, dialect)
      if (field === 'open') return null
      if (field !== 'misplaced') {
        if (counts) countField(counts, field.value, dialect)
        fields.push(field.value)
        if (field.end >= text.length) return fields
        at = field.end + 1
        continue
      }
      if (counts) counts.misplaced++
    }
    const end = text.indexOf(delimiter, at)
    fields.push(end < 0 ? text.slice(at) : text.slice(at, end))
    if (end < 0) return fields
    at = end + 1
  }
}

/** Where the quote of a quoted field stands: at its beginning, or behind spaces. */
function quoteAt(text: string, at: number, quote: string): number {
  let start = at
  while (text[start] === ' ') start++
  return text[start] === quote ? start : -1
}

function countField(counts: QuoteCounts, value: string, { delimiter, quote }: Dialect): void {
  counts.quoted++
  if (value.includes(delimiter) || value.includes('\n') || value.includes(quote!)) counts.needed++
}

function quotedField(
  text: string,
  opening: number,
  { delimiter, quote, escape }: Dialect,
): { value: string; end: number } | 'open' | 'misplaced' {
  let value = ''
  let at = opening + 1
  for (;;) {
    const close = text.indexOf(quote!, at)
    const backslash = escape === 'backslash' ? text.indexOf('\\', at) : -1
    if (backslash >= 0 && (close < 0 || backslash < close)) {
      value += text.slice(at, backslash) + text.slice(backslash + 1, backslash + 2)
      at = backslash + 2
      continue
    }
    if (close < 0) return 'open'
    value += text.slice(at, close)
    if (escape !== 'backslash' && text[close + 1] === quote) {
      value += quote
      at = close + 2
      continue
    }
    let end = close + 1
    while (text[end] === ' ' && delimiter !== ' ') end++
    return end >= text.length || text[end] === delimiter ? { value, end } : 'misplaced'
  }
}

/** R's write.table: one space between fields, strings in quotes; or fields aligned with spaces. */
function spacedFields(text: string, dialect: Dialect, counts?: QuoteCounts): string[] | null {
  const fields: string[] = []
  for (let at = 0; at < text.length;) {
    if (text[at] === ' ') {
      at++
      continue
    }
    if (text[at] === dialect.quote) {
      const field = quotedField(text, at, dialect)
      if (field === 'open') return null
      if (field !== 'misplaced') {
        if (counts) countField(counts, field.value, dialect)
        fields.push(field.value)
        at = field.end
        continue
      }
      if (counts) counts.misplaced++
    }
    const end = text.indexOf(' ', at)
    fields.push(text.slice(at, end < 0 ? text.length : end))
    at = end < 0 ? text.length : end
  }
  return fields
}

const escapes: Record<string, string> = { t: '\t', n: '\n', r: '\r', N: '' }

/** As MySQL and PostgreSQL dump tables: a backslash before what would part fields, \N for null. */
function unescapedFields(text: string, delimiter: string): string[] {
  if (!text.includes('\\')) return text.split(delimiter)
  const fields: string[] = []
  let value = ''
  for (let at = 0; at < text.length; at++) {
    const character = text[at]!
    if (character === delimiter) {
      fields.push(value)
      value = ''
    } else if (character === '\\' && at + 1 < text.length) {
      const next = text[++at]!
      value += escapes[next] ?? next
    } else value += character
  }
  return [...fields, value]
}
