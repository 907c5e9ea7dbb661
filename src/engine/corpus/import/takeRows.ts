import { stat } from 'node:fs/promises'
import type { CorpusFormat, CorpusSettings } from '#protocol/experiment.ts'
import { folds } from '#protocol/results.ts'
import type { StageContext } from '#engine/context.ts'
import type { AcceptedRows } from './acceptedRows.ts'
import { damagedCharacter } from './blockDecoder.ts'
import { coordinateProblem, degreesOf } from './coordinates.ts'
import { chooseColumns, formatByName, guessFormat, type ChosenColumns } from './guess.ts'
import type { RejectedRows } from './rejectedRows.ts'
import { rowFilter } from './rowFilter.ts'
import type { RowFields } from './rowFields.ts'
import { openRowSource } from './rowSource.ts'
import { keptOfRejected, type RowTaker } from './rowTaker.ts'
import { answerTokens } from './survey.ts'
import { asWindows1252, openTextFile, type TextFile } from './textFile.ts'

export interface Taken {
  format: CorpusFormat
  encodings: Set<string>
  answers: boolean
  /** Columns of the source that are kept beside ours. */
  extras: string[]
  /** Rows that the filter left out. */
  filtered: number
  warnings: Set<string>
}

/** Reads the files of all folds in order, checks each row, and keeps those that can be used. */
export async function takeRows(settings: CorpusSettings, rows: AcceptedRows, rejects: RejectedRows, context: StageContext): Promise<Taken> {
  const sources: { fold: number; file: TextFile; bytes: number }[] = []
  for (const [fold, name] of folds.entries()) {
    for (const path of settings[name] ?? []) {
      const isParquet = (settings.format ?? formatByName(path)) === 'parquet'
      const file: TextFile = isParquet ? { path, encoding: 'utf-8' } : await openTextFile(path)
      sources.push({ fold, file, bytes: (await stat(path).catch(() => ({ size: 0 }))).size })
    }
  }
  const total = sources.reduce((sum, { bytes }) => sum + bytes, 0)
  const format = settings.format ?? (await guessFormat(sources[0]!.file))
  const taken: Taken = { format, encodings: new Set(), answers: false, extras: [], filtered: 0, warnings: new Set() }
  let doneBytes = 0

  for (const [number, { fold, file, bytes }] of sources.entries()) {
    while (rows.foldStarts.length <= fold) rows.foldStarts.push(rows.count)
    const before = { rows: rows.mark(), rejects: rejects.mark(), filtered: taken.filtered }
    let source = file
    try {
      await takeFile(source)
    } catch (error) {
      source = asWindows1252(file.path, error)
      rows.takeBack(before.rows)
      rejects.takeBack(before.rejects)
      taken.filtered = before.filtered
      await takeFile(source)
    }
    taken.encodings.add(source.encoding)
    if (source.doubt) taken.warnings.add(source.doubt)
    doneBytes += bytes

    async function takeFile(source: TextFile): Promise<void> {
      let readBytes = 0
      const { columns, read } = await openRowSource(format, source, (more) => (readBytes += more))
      const chosen = chooseColumns(columns, settings.columns)
      if (number === 0) {
        taken.answers = chosen.answers.length > 0
        taken.extras = furtherColumns(columns, chosen)
      }
      const tokens = taken.answers ? answerTokens(columns, chosen.answers) : null
      const taker = rowTaker(source.path, columns, chosen, tokens)
      for await (const _ of read(taker)) {
        context.signal.throwIfAborted()
        context.report({ done: Math.min(total, doneBytes + readBytes), total, unit: 'bytes', rows: rows.count + rejects.count + taken.filtered })
      }
      if (tokens?.zeroIsNoAnswer()) taken.warnings.add('An answer 0 is taken as "no answer" and left out, as an empty one and NA are.')
    }
  }
  while (rows.foldStarts.length <= folds.length) rows.foldStarts.push(rows.count)
  rows.spool.flush()
  context.report({ done: total, total, unit: 'bytes', rows: rows.count + rejects.count + taken.filtered })
  return taken

  function rowTaker(path: string, columns: string[], chosen: ChosenColumns, tokens: ReturnType<typeof answerTokens> | null): RowTaker {
    const extras = taken.extras.map((name) => columns.indexOf(name))
    const passes = rowFilter(settings.filter, columns)
    const reject = (line: number, fields: RowFields, { reason, explanation }: { reason: string; explanation: string }) =>
      rejects.add(path, line, reason, explanation, fields.raw(keptOfRejected).replaceAll(damagedCharacter, '\ufffd'))
    return {
      reject: (line, reason, explanation, raw) => rejects.add(path, line, reason, explanation, raw.replaceAll(damagedCharacter, '\ufffd')),
      row(line, fields) {
        if (passes && !passes(fields)) {
          taken.filtered++
          return
        }
        const lat = degreesOf(fields.bytes, fields.starts[chosen.lat]!, fields.ends[chosen.lat]!)
        const lon = degreesOf(fields.bytes, fields.starts[chosen.lon]!, fields.ends[chosen.lon]!)
        const problem = coordinateProblem(lat, lon)
        if (problem) return reject(line, fields, problem)
        let [text, textStart, textEnd] = tokens ? [Buffer.from(tokens.textOf(fields)), 0, -1] : [fields.bytes, fields.starts[chosen.text!]!, fields.ends[chosen.text!]!]
        if (textEnd < 0) textEnd = text.length
        if (fields.damaged && [chosen.text, chosen.author, ...chosen.answers].some((index) => index !== null && fields.isDamaged(index))) {
          return reject(line, fields, { reason: 'bad-encoding', explanation: 'The row holds bytes that are no characters, or half a character (a lone surrogate).' })
        }
        // NUL bytes occur inside real documents (three of GeoText's): they part words and mean nothing else.
        if (fields.mayHaveNul && text.subarray(textStart, textEnd).includes(0)) {
          text = Buffer.from(text.subarray(textStart, textEnd).map((byte) => (byte === 0 ? 0x20 : byte)))
          ;[textStart, textEnd] = [0, text.length]
        }
        if (isBlank(text, textStart, textEnd)) return reject(line, fields, { reason: 'no-text', explanation: 'The text is empty.' })
        const author = chosen.author === null ? -1 : authorOf(fields, chosen.author)
        rows.add(fields, { text, textStart, textEnd, author, lat: lat!, lon: lon! }, extras)
      },
    }
  }

  function authorOf(fields: RowFields, index: number): number {
    let { bytes } = fields
    let [start, end] = [fields.starts[index]!, fields.ends[index]!]
    if (start < end && (!isPlain(bytes[start]!) || !isPlain(bytes[end - 1]!))) {
      bytes = Buffer.from(fields.text(index).trim())
      ;[start, end] = [0, bytes.length]
    }
    return start === end ? -1 : rows.authorNames.number(bytes, start, end)
  }
}

/** Printable ASCII: neither white space nor the beginning of one beyond ASCII. */
const isPlain = (byte: number) => byte > 0x20 && byte < 0x7f

const isBlank = (bytes: Buffer, start: number, end: number) =>
  start === end || (!isPlain(bytes[start]!) && bytes.toString('utf8', start, end).trim() === '')

const ours = new Set(['row', 'fold', 'sourcerow', 'author', 'authornumber', 'lat', 'lon', 'text', 'sequence'])

function furtherColumns(columns: string[], { text, lat, lon, author, answers }: ChosenColumns): string[] {
  const used = new Set([text, lat, lon, author, ...answers])
  return columns.filter((name, index) => !used.has(index) && name !== '' && !ours.has(name.toLowerCase()) && columns.indexOf(name) === index)
}
