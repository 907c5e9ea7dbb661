import type { AcceptedRows } from './acceptedRows.ts'
import { damagedCharacter } from './container/encoding/blockDecoder.ts'
import { isMisread } from './container/encoding/misread.ts'
import type { PlaceReader, Problem } from './places/placeReader.ts'
import type { RejectedRows } from './rejectedRows.ts'
import type { Roles } from './roles/chooseRoles.ts'
import { foldOf } from './roles/foldColumn.ts'
import type { RowFields } from './form/rowFields.ts'
import { keptOfRejected, type RowTaker } from './form/rowTaker.ts'

export interface CheckedFile {
  path: string
  encoding: string
  /** The fold of rows for which no column says one. */
  fold: number
  roles: Roles
  place: PlaceReader
  /** Of a survey: the tokens of a row's answers. */
  answersOf: ((fields: RowFields) => string) | null
  /** Fields of further columns; -1 where the file has none. */
  extras: number[]
  /** The filter, and what is told of a row that does not pass it. */
  passes: ((fields: RowFields) => boolean) | null
  leftOut: () => void
}

const badEncoding = {
  reason: 'bad-encoding',
  explanation: 'The row holds bytes that are no characters, or half a character (a lone surrogate).',
}
const noText = { reason: 'no-text', explanation: 'The text is empty.' }

export interface RowChecker extends RowTaker {
  /** Accepted rows whose text looks like UTF-8 that was read as windows-1252. */
  misread: number
  /** Accepted rows of whose text a character or two could not be read: U+FFFD stands there. */
  mended: number
  /** Accepted rows whose author was written as a fraction, 1000.0 for 1000. */
  wholeAuthors: number
}

/** A document of a thousand words is not lost for one cut-off emoji: damage to at most a hundredth of the text is mended. */
const mendedShare = 0.01

/** Text with U+FFFD for its damaged characters; null where there are none, empty where there are too many. */
function mendedText(text: string): string | null {
  const damaged = text.split(damagedCharacter).length - 1
  return damaged === 0 ? null : damaged > mendedShare * text.length ? '' : text.replaceAll(damagedCharacter, '\ufffd')
}

/** Takes the rows of a file: checks each, and gives it to the accepted or to the rejected ones. */
export function rowChecker(
  { path, encoding, fold, roles, place, answersOf, extras, passes, leftOut }: CheckedFile,
  rows: AcceptedRows,
  rejects: RejectedRows,
): RowChecker {
  const used = [roles.author, ...roles.answers].filter((index) => index !== null)
  const keep = (line: number, reason: string, explanation: string, raw: string) =>
    rejects.add(path, line, reason, explanation, raw.replaceAll(damagedCharacter, '\ufffd'))
  const reject = (line: number, fields: RowFields, { reason, explanation }: Problem) =>
    keep(line, reason, explanation, fields.raw(keptOfRejected))

  function authorOf(fields: RowFields, index: number): number {
    let bytes = fields.bytes
    let [start, end] = [fields.starts[index]!, fields.ends[index]!]
    if (start < end && !(isPlain(bytes[start]!) && isPlain(bytes[end - 1]!))) {
      bytes = Buffer.from(fields.text(index).trim())
      ;[start, end] = [0, bytes.length]
    }
    if (start === end) return -1
    const whole = endOfWholeNumber(bytes, start, end)
    if (whole < end) checker.wholeAuthors++
    return rows.authorNames.number(bytes, start, whole)
  }

  const checker: RowChecker = {
    misread: 0,
    mended: 0,
    wholeAuthors: 0,
    reject: keep,
    row(line, fields) {
      if (passes && !passes(fields)) return leftOut()
      const problem = place.read(fields)
      if (problem) return reject(line, fields, problem)
      let [text, start, end] = [
        fields.bytes,
        roles.text === null ? 0 : fields.starts[roles.text]!,
        roles.text === null ? 0 : fields.ends[roles.text]!,
      ]
      if (fields.damaged) {
        if (used.some((index) => fields.isDamaged(index))) return reject(line, fields, badEncoding)
        const mended = roles.text === null ? null : mendedText(fields.text(roles.text))
        if (mended === '') return reject(line, fields, badEncoding)
        if (mended !== null) {
          text = Buffer.from(mended)
          ;[start, end] = [0, text.length]
          checker.mended++
        }
      }
      if (answersOf) {
        text = Buffer.from(answersOf(fields))
        ;[start, end] = [0, text.length]
      }
      // NUL bytes occur inside real documents (three of GeoText's): they part words and mean nothing else.
      if (fields.mayHaveNul && text.subarray(start, end).includes(0)) {
        text = Buffer.from(text.subarray(start, end).map((byte) => (byte === 0 ? 0x20 : byte)))
        ;[start, end] = [0, text.length]
      }
      if (isBlank(text, start, end))
        return reject(line, fields, answersOf ? { ...noText, explanation: 'No question is answered.' } : noText)
      const rowFold = roles.fold === null ? fold : foldOf(fields.text(roles.fold))
      if (rowFold === null)
        return reject(line, fields, {
          reason: 'no-fold',
          explanation: `The fold "${fields.text(roles.fold!).slice(0, 40)}" is none of train, dev and test.`,
        })
      if (encoding === 'windows-1252' && isMisread(text, start, end)) checker.misread++
      const author = roles.author === null ? -1 : authorOf(fields, roles.author)
      rows.add(
        fields,
        { text, textStart: start, textEnd: end, author, lat: place.lat, lon: place.lon, fold: rowFold },
        extras,
      )
    },
  }
  return checker
}

/** Printable ASCII: neither white space nor the beginning of one beyond ASCII. */
const isPlain = (byte: number) => byte > 0x20 && byte < 0x7f

const isBlank = (bytes: Buffer, start: number, end: number) =>
  start === end || (!isPlain(bytes[start]!) && bytes.toString('utf8', start, end).trim() === '')

const [zero, nine, point] = [0x30, 0x39, 0x2e]

/** Where a number ends without a fraction of zeros: programs that know no whole numbers beside gaps write 1000.0 for 1000. */
function endOfWholeNumber(bytes: Buffer, start: number, end: number): number {
  let at = end
  while (at > start && bytes[at - 1] === zero) at--
  if (at === end || at - 1 <= start || bytes[at - 1] !== point) return end
  for (let i = start; i < at - 1; i++) if (bytes[i]! < zero || bytes[i]! > nine) return end
  return at - 1
}
