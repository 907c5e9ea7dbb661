import { stat } from 'node:fs/promises'
import type { ColumnNames, CorpusSettings } from '#protocol/experiment.ts'
import type { SourceReading } from '#protocol/reading.ts'
import { folds } from '#protocol/results.ts'
import type { StageContext } from '#engine/context.ts'
import type { AcceptedRows } from './acceptedRows.ts'
import { openRowSource } from './form/openRowSource.ts'
import { chooseColumns, type ChosenColumns } from './guess.ts'
import type { RejectedRows } from './rejectedRows.ts'
import { rowChecker } from './rowChecker.ts'
import { rowFilter } from './rowFilter.ts'
import { answerTokens } from './survey.ts'
import { mendedWarning, misreadWarning } from './container/encoding/misread.ts'

export interface Taken {
  /** What each file was taken for, in the order of folds and files. */
  readings: SourceReading[]
  answers: boolean
  /** As the first file has them. */
  columns: ColumnNames
  /** Columns of the source that are kept beside ours. */
  extras: string[]
  /** Rows that the filter left out. */
  filtered: number
  warnings: Set<string>
}

/** Reads the files of all folds in order, checks each row, and keeps those that can be used. */
export async function takeRows(settings: CorpusSettings, rows: AcceptedRows, rejects: RejectedRows, context: StageContext): Promise<Taken> {
  const sources: { fold: number; path: string; bytes: number }[] = []
  for (const [fold, name] of folds.entries()) {
    for (const path of settings[name] ?? []) sources.push({ fold, path, bytes: (await stat(path).catch(() => ({ size: 0 }))).size })
  }
  const total = sources.reduce((sum, { bytes }) => sum + bytes, 0)
  const taken: Taken = { readings: [], answers: false, columns: {}, extras: [], filtered: 0, warnings: new Set() }
  let doneBytes = 0
  const report = (bytes: number) =>
    context.report({ done: Math.min(total, bytes), total, unit: 'bytes', rows: rows.count + rejects.count + taken.filtered })

  for (const [number, { fold, path, bytes }] of sources.entries()) {
    while (rows.foldStarts.length <= fold) rows.foldStarts.push(rows.count)
    let readBytes = 0
    const { reading, columns, read } = await openRowSource(path, { format: settings.format }, (more) => (readBytes += more))
    const chosen = chooseColumns(columns, settings.columns)
    if (number === 0) {
      taken.answers = chosen.answers.length > 0
      taken.columns = chosen.names
      taken.extras = furtherColumns(columns, chosen)
    }
    const tokens = taken.answers ? answerTokens(columns, chosen.answers) : null
    const extras = taken.extras.map((name) => columns.indexOf(name))
    const passes = rowFilter(settings.filter, columns)
    const leftOut = () => void taken.filtered++
    const checker = rowChecker({ path, encoding: reading.encoding, chosen, tokens, extras, passes, leftOut }, rows, rejects)
    for await (const _ of read(checker)) {
      context.signal.throwIfAborted()
      report(doneBytes + readBytes)
    }
    if (checker.misread > 0) taken.warnings.add(misreadWarning(path, checker.misread))
    if (checker.mended > 0) taken.warnings.add(mendedWarning(path, checker.mended))
    if (tokens?.zeroIsNoAnswer()) taken.warnings.add('An answer 0 is taken as "no answer" and left out, as an empty one and NA are.')
    taken.readings.push(reading)
    doneBytes += bytes
  }
  while (rows.foldStarts.length <= folds.length) rows.foldStarts.push(rows.count)
  rows.spool.flush()
  report(total)
  return taken
}

const ours = new Set(['row', 'fold', 'sourcerow', 'author', 'authornumber', 'lat', 'lon', 'text', 'sequence'])

function furtherColumns(columns: string[], { text, lat, lon, author, answers }: ChosenColumns): string[] {
  const used = new Set([text, lat, lon, author, ...answers])
  return columns.filter((name, index) => !used.has(index) && name !== '' && !ours.has(name.toLowerCase()) && columns.indexOf(name) === index)
}
