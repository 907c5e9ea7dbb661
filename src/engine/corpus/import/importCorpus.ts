import { writeFile } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { EngineError } from '#protocol/errors.ts'
import type { CorpusSettings } from '#protocol/experiment.ts'
import type { CorpusSummary, ImportReading } from '#protocol/corpus.ts'
import type { StageContext } from '#engine/context.ts'
import { openDuckDb } from '#engine/files/duckDb.ts'
import { AcceptedRows } from './acceptedRows.ts'
import { describeCorpus } from './describeCorpus.ts'
import { drawFolds } from './drawFolds.ts'
import { groupDocuments, type Documents } from './groupDocuments.ts'
import { likelyMistake, mistakeWarning } from './places/suspicions.ts'
import { RejectedRows } from './rejectedRows.ts'
import { storedNames } from './storedNames.ts'
import { isSynthetic } from './synthetic.ts'
import { takeRows, type Taken } from './takeRows.ts'
import { writeDocuments } from './writeDocuments.ts'

/** corpus.json beside the tables. */
export interface CorpusFile {
  tokenisation: 'text' | 'answers'
  authorCount: number
  summary: Omit<CorpusSummary, 'id'>
  /** What each file was taken for; corpora of before have none. */
  reading?: ImportReading[]
  /** Of a corpus that was passed on without its texts. */
  withoutText?: boolean
}

/**
 * Imports files into `directory`: documents.parquet (row, fold, sourceRow, author, authorNumber, lat, lon, text, further
 * columns), rejected.parquet (line, file, reason, explanation, raw) and corpus.json. Rows of one author in one fold become
 * one document. Of a row, memory holds four numbers, its text lies on the disk.
 * @param settings paths absolute
 * @throws EngineError 'import/...' as the readers have them; 'import/no-accepted-rows', 'import/empty-fold'
 */
export async function importCorpus(
  settings: CorpusSettings,
  directory: string,
  context: StageContext,
): Promise<Omit<CorpusSummary, 'id'>> {
  const rows = new AcceptedRows(directory)
  const rejects = new RejectedRows(directory, settings.keepRaw ?? true)
  const db = await openDuckDb({ allowedDirectories: [directory], threads: 1, memoryLimitMiB: 1024 })
  try {
    const taken = await takeRows(settings, rows, rejects, context)
    if (rows.count === 0) refuseEmpty(settings, rejects, taken)
    const documents = groupDocuments(rows, settings, taken.answers ? ' ' : undefined)
    const split = drawFolds(
      documents,
      settings,
      taken.readings.some(({ chosen }) => chosen.fold !== undefined),
    )
    const extras = storedNames(taken.extras)
    const written = await writeDocuments(db, directory, { rows, documents, extras }, settings, context)
    await rejects.write(db, join(directory, 'rejected.parquet'))
    const mistake = await likelyMistake(sampleOf(documents))
    const summary = describeCorpus(documents, written, rejects, rows.authorNames.size, {
      name: basename(settings.train[0]!),
      format: distinct(taken.readings.map(({ format }) => format)),
      encoding: distinct(taken.readings.map(({ encoding }) => encoding)),
      splitBy: split.by,
      synthetic: await isSynthetic(settings.train[0]!),
      filtered: taken.filtered,
      furtherColumns: extras,
      warnings: [...taken.warnings, ...split.warnings, ...(mistake ? [mistakeWarning(mistake, taken.columns)] : [])],
    })
    const file: CorpusFile = {
      tokenisation: taken.answers ? 'answers' : 'text',
      authorCount: written.authorCount,
      summary,
      reading: taken.readings,
    }
    await writeFile(join(directory, 'corpus.json'), `${JSON.stringify(file, null, 2)}\n`)
    return summary
  } finally {
    db.close()
    rows.spool.close()
    rejects.close()
  }
}

const distinct = (names: string[]) => [...new Set(names)].join(', ')

/** About two thousand points, evenly through the corpus. */
function sampleOf({ count, lat, lon }: Documents) {
  const every = Math.max(1, Math.floor(count / 2000))
  return { lat: lat.filter((_, i) => i % every === 0), lon: lon.filter((_, i) => i % every === 0) }
}

function refuseEmpty(settings: CorpusSettings, rejects: RejectedRows, { filtered }: Taken): never {
  const reasons = rejects.byReason.slice(0, 3).map(({ reason, rows, example }) => `${rows} rows ${reason} (${example})`)
  if (filtered > 0) reasons.push(`${filtered} rows that corpus.filter leaves out`)
  throw new EngineError(
    'import/no-accepted-rows',
    `No row of ${settings.train.map((file) => basename(file)).join(', ')} could be used: ${reasons.join('; ') || 'the files have no rows'}. Expected rows with latitude, longitude and text. "isogloss preview" shows what the file was taken for; --format, --text, --lat, --lon and others correct it.`,
    { reasons: rejects.byReason },
  )
}
