import { realpath, stat } from 'node:fs/promises'
import { basename } from 'node:path'
import { EngineError } from '#protocol/errors.ts'
import type { ColumnNames, CorpusSettings } from '#protocol/experiment.ts'
import { folds, type ImportReading } from '#protocol/corpus.ts'
import type { StageContext } from '#engine/context.ts'
import type { AcceptedRows } from './acceptedRows.ts'
import { corpusFiles, type FileReader } from './corpusFiles.ts'
import { mendedWarning, misreadWarning } from './container/encoding/misread.ts'
import { importReading } from './reading/importReading.ts'
import type { RejectedRows } from './rejectedRows.ts'
import { requireRoles } from './roles/chooseRoles.ts'
import { rowChecker } from './rowChecker.ts'
import { rowFilter } from './rowFilter.ts'

export interface Taken {
  /** What each file was taken for, in the order of folds and files. */
  readings: ImportReading[]
  answers: boolean
  /** As the first file has them. */
  columns: ColumnNames
  /** Columns of the source that are kept beside ours. */
  extras: string[]
  /** Rows that the filter left out. */
  filtered: number
  warnings: Set<string>
}

/**
 * Reads the files of all folds in order, checks each row, and keeps those that can be used.
 * @throws EngineError 'import/empty-fold' where no row of a development or test fold that has files can be used
 */
export async function takeRows(
  settings: CorpusSettings,
  rows: AcceptedRows,
  rejects: RejectedRows,
  context: StageContext,
): Promise<Taken> {
  const sources: { fold: number; path: string; bytes: number }[] = []
  for (const [fold, name] of folds.entries()) {
    for (const path of settings[name] ?? [])
      sources.push({ fold, path, bytes: (await stat(path).catch(() => ({ size: 0 }))).size })
  }
  const total = sources.reduce((sum, { bytes }) => sum + bytes, 0)
  const taken: Taken = {
    readings: [],
    answers: false,
    columns: {},
    extras: [],
    filtered: 0,
    warnings: new Set(await twoFolds(settings)),
  }
  let doneBytes = 0
  const report = (bytes: number) =>
    context.report({
      done: Math.min(total, bytes),
      total,
      unit: 'bytes',
      rows: rows.count + rejects.count + taken.filtered,
    })
  const files = await corpusFiles(settings)

  for (const { fold, path, bytes } of sources) {
    let readBytes = 0
    const file = await files.open(path, (more) => (readBytes += more))
    refuseWithoutRoles(file, fold, path)
    taken.answers = files.isSurvey
    taken.columns = files.columns
    taken.extras = files.extras
    await take(file, fold, path, () => report(doneBytes + readBytes))
    doneBytes += bytes
  }
  for (const note of files.notes()) taken.warnings.add(note)
  refuseEmptyFolds(settings, rows, taken.readings)
  rows.spool.flush()
  report(total)
  return taken

  async function take(file: FileReader, fold: number, path: string, progress: () => void): Promise<void> {
    const before = { rows: rows.count, filtered: taken.filtered, rejected: rejects.byReason }
    const checker = rowChecker(
      {
        path,
        encoding: file.source.reading.encoding,
        fold,
        // Files of development and test are what they are named for.
        roles: fold === 0 ? file.roles : { ...file.roles, fold: null },
        place: file.place!,
        answersOf: file.answersOf,
        extras: taken.extras.map((name) => file.source.columns.indexOf(name)),
        passes: rowFilter(settings.filter, file.source.columns),
        leftOut: () => void taken.filtered++,
      },
      rows,
      rejects,
    )
    for await (const _ of file.source.read(checker)) {
      context.signal.throwIfAborted()
      progress()
    }
    const counts = {
      taken: rows.count - before.rows,
      filtered: taken.filtered - before.filtered,
      rejected: rejects.since(before.rejected),
    }
    taken.readings.push(importReading(file, folds[fold]!, { ...counts, complete: true }))
    for (const note of file.notes()) taken.warnings.add(note)
    if (checker.misread > 0) taken.warnings.add(misreadWarning(path, checker.misread))
    if (checker.mended > 0) taken.warnings.add(mendedWarning(path, checker.mended))
    if (checker.wholeAuthors > 0)
      taken.warnings.add(
        `${checker.wholeAuthors} rows of ${basename(path)} have an author such as 1000.0: it is taken for 1000.`,
      )
  }
}

function refuseWithoutRoles({ roles, source }: FileReader, fold: number, path: string): void {
  try {
    requireRoles(roles, source.columns, basename(path))
  } catch (error) {
    if (fold === 0 || !(error instanceof EngineError)) throw error
    throw new EngineError(error.code, `${error.message} ${toBeEvaluated}`, error.data, { cause: error })
  }
}

const toBeEvaluated =
  'To evaluate, the texts of a development or test fold need coordinates; for texts without them leave the file out here and use "isogloss predict".'

/** Files that are named for two folds: every document of theirs would be in training and in what is tested. */
async function twoFolds(settings: CorpusSettings): Promise<string[]> {
  const known = new Map<string, Set<string>>()
  for (const fold of folds) {
    for (const path of settings[fold] ?? []) {
      const real = await realpath(path).catch(() => path)
      known.set(real, (known.get(real) ?? new Set()).add(fold))
    }
  }
  return [...known].flatMap(([path, of]) =>
    of.size < 2
      ? []
      : [
          `${basename(path)} is named for two folds, ${[...of].join(' and ')}: the same documents are trained on and tested. Name different files, or let folds be drawn (corpus.split).`,
        ],
  )
}

function refuseEmptyFolds(settings: CorpusSettings, rows: AcceptedRows, readings: ImportReading[]): void {
  if (rows.count === 0) return
  const counts = [0, 0, 0]
  rows.folds.values.forEach((fold) => counts[fold]!++)
  for (const [fold, name] of folds.entries()) {
    const files = settings[name]
    if (!files || fold === 0 || counts[fold]! > 0) continue
    const reasons = new Map<string, number>()
    for (const reading of readings)
      if (reading.fold === name)
        for (const { reason, rows: count } of reading.rows.rejected)
          reasons.set(reason, (reasons.get(reason) ?? 0) + count)
    const why = [...reasons].map(([reason, count]) => `${count} rows ${reason}`).join(', ') || 'no rows'
    throw new EngineError(
      'import/empty-fold',
      `No row of the ${name} fold (${files.map((file) => basename(file)).join(', ')}) could be used: ${why}. ${toBeEvaluated}`,
      { fold: name },
    )
  }
}
