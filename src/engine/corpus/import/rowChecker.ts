import type { AcceptedRows } from './acceptedRows.ts'
import { damagedCharacter } from './container/encoding/blockDecoder.ts'
import { coordinateProblem, degreesOf } from './coordinates.ts'
import type { ChosenColumns } from './guess.ts'
import { isMisread } from './container/encoding/misread.ts'
import type { RejectedRows } from './rejectedRows.ts'
import type { RowFields } from './form/rowFields.ts'
import { keptOfRejected, type RowTaker } from './form/rowTaker.ts'
import type { answerTokens } from './survey.ts'

export interface CheckedFile {
  path: string
  encoding: string
  chosen: ChosenColumns
  /** Of a survey. */
  tokens: ReturnType<typeof answerTokens> | null
  /** Fields of further columns; -1 where the file has none. */
  extras: number[]
  /** The filter, and what is told of a row that does not pass it. */
  passes: ((fields: RowFields) => boolean) | null
  leftOut: () => void
}

const badEncoding = { reason: 'bad-encoding', explanation: 'The row holds bytes that are no characters, or half a character (a lone surrogate).' }
const noText = { reason: 'no-text', explanation: 'The text is empty.' }

export interface RowChecker extends RowTaker {
  /** Accepted rows whose text looks like UTF-8 that was read as windows-1252. */
  misread: number
  /** Accepted rows of whose text a character or two could not be read: U+FFFD stands there. */
  mended: number
}

/** A document of a thousand words is not lost for one cut-off emoji: damage to at most a hundredth of the text is mended. */
const mendedShare = 0.01

/** Text with U+FFFD for its damaged characters; null where there are none, empty where there are too many. */
function mendedText(text: string): string | null {
  const damaged = text.split(damagedCharacter).length - 1
  return damaged === 0 ? null : damaged > mendedShare * text.length ? '' : text.replaceAll(damagedCharacter, '\ufffd')
}

/** Takes the rows of a file: checks each, and gives it to the accepted or to the rejected ones. */
export function rowChecker({ path, encoding, chosen, tokens, extras, passes, leftOut }: CheckedFile, rows: AcceptedRows, rejects: RejectedRows): RowChecker {
  const used = [chosen.author, ...chosen.answers].filter((index) => index !== null)
  const keep = (line: number, reason: string, explanation: string, raw: string) => rejects.add(path, line, reason, explanation, raw.replaceAll(damagedCharacter, '\ufffd'))
  const reject = (line: number, fields: RowFields, { reason, explanation }: { reason: string; explanation: string }) => keep(line, reason, explanation, fields.raw(keptOfRejected))

  function authorOf(fields: RowFields, index: number): number {
    const [start, end] = [fields.starts[index]!, fields.ends[index]!]
    if (start === end || (isPlain(fields.bytes[start]!) && isPlain(fields.bytes[end - 1]!))) return start === end ? -1 : rows.authorNames.number(fields.bytes, start, end)
    const trimmed = Buffer.from(fields.text(index).trim())
    return trimmed.length === 0 ? -1 : rows.authorNames.number(trimmed, 0, trimmed.length)
  }

  const checker: RowChecker = {
    misread: 0,
    mended: 0,
    reject: keep,
    row(line, fields) {
      if (passes && !passes(fields)) return leftOut()
      const lat = degreesOf(fields.bytes, fields.starts[chosen.lat]!, fields.ends[chosen.lat]!)
      const lon = degreesOf(fields.bytes, fields.starts[chosen.lon]!, fields.ends[chosen.lon]!)
      const problem = coordinateProblem(lat, lon)
      if (problem) return reject(line, fields, problem)
      let [text, start, end] = [fields.bytes, chosen.text === null ? 0 : fields.starts[chosen.text]!, chosen.text === null ? 0 : fields.ends[chosen.text]!]
      if (fields.damaged) {
        if (used.some((index) => fields.isDamaged(index))) return reject(line, fields, badEncoding)
        const mended = chosen.text === null ? null : mendedText(fields.text(chosen.text))
        if (mended === '') return reject(line, fields, badEncoding)
        if (mended !== null) {
          text = Buffer.from(mended)
          ;[start, end] = [0, text.length]
          checker.mended++
        }
      }
      if (tokens) {
        text = Buffer.from(tokens.textOf(fields))
        ;[start, end] = [0, text.length]
      }
      // NUL bytes occur inside real documents (three of GeoText's): they part words and mean nothing else.
      if (fields.mayHaveNul && text.subarray(start, end).includes(0)) {
        text = Buffer.from(text.subarray(start, end).map((byte) => (byte === 0 ? 0x20 : byte)))
        ;[start, end] = [0, text.length]
      }
      if (isBlank(text, start, end)) return reject(line, fields, noText)
      if (encoding === 'windows-1252' && isMisread(text, start, end)) checker.misread++
      const author = chosen.author === null ? -1 : authorOf(fields, chosen.author)
      rows.add(fields, { text, textStart: start, textEnd: end, author, lat: lat!, lon: lon! }, extras)
    },
  }
  return checker
}

/** Printable ASCII: neither white space nor the beginning of one beyond ASCII. */
const isPlain = (byte: number) => byte > 0x20 && byte < 0x7f

const isBlank = (bytes: Buffer, start: number, end: number) => start === end || (!isPlain(bytes[start]!) && bytes.toString('utf8', start, end).trim() === '')
