import { stat, writeFile } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { EngineError } from '#protocol/errors.ts'
import type { ColumnNames, CorpusSettings } from '#protocol/experiment.ts'
import { folds, type CorpusSummary, type Fold } from '#protocol/results.ts'
import type { StageContext } from '#engine/context.ts'
import { openDuckDb, type DuckDb } from '#engine/files/duckDb.ts'
import { coordinateProblem, looksSwapped, parseDegrees, swappedWarning } from './coordinates.ts'
import { drawFolds } from './drawFolds.ts'
import { chooseColumns, formatByName, guessFormat, type ChosenColumns } from './guess.ts'
import { keptOfRejected, openRowSource, type SourceRow } from './rowSource.ts'
import { describeCorpus } from './describeCorpus.ts'
import { answerTokens } from './survey.ts'
import { isSynthetic } from './synthetic.ts'
import { isMisread, misreadWarning, openTextFile, type TextFile } from './textFile.ts'

/** corpus.json beside the tables. */
export interface CorpusFile {
  tokenisation: 'text' | 'answers'
  summary: Omit<CorpusSummary, 'id'>
}

/** Two tweets of one author are told apart by this, as in the corpora that circulate. */
export const tweetSeparator = ' ||| '

const quoted = (name: string) => `"${name.replaceAll('"', '""')}"`
const sqlText = (text: string) => `'${text.replaceAll("'", "''")}'`

/**
 * Imports files into `directory`: documents.parquet (row, fold, sourceRow, author, lat, lon, text, further columns),
 * rejected.parquet (file, line, reason, explanation, raw) and corpus.json. Rows of one author in one fold become one
 * document. Memory is bounded by DuckDB's limit: rows go through it, not through arrays.
 * @param settings paths absolute
 * @throws EngineError 'import/...' as the readers have them; 'import/no-accepted-rows'
 */
export async function importCorpus(settings: CorpusSettings, directory: string, context: StageContext): Promise<Omit<CorpusSummary, 'id'>> {
  const db = await openDuckDb({ allowedDirectories: [directory], temporaryDirectory: join(directory, 'spill') })
  try {
    const taken = await takeRows(db, settings, context)
    const accepted = Number((await db.rows('SELECT count(*) AS n FROM accepted'))[0]!['n'])
    if (accepted === 0) await refuseEmpty(db, settings)
    await mergeAuthors(db, settings, taken.extras)
    const splitBy = await drawFolds(db, settings)
    context.signal.throwIfAborted()
    await writeTables(db, directory, taken.extras)
    const points = await db.rows('SELECT lat, lon FROM documents USING SAMPLE reservoir(2000 ROWS) REPEATABLE (1)')
    const swapped = await looksSwapped({
      lat: Float64Array.from(points, (row) => Number(row['lat'])),
      lon: Float64Array.from(points, (row) => Number(row['lon'])),
    })
    const summary = await describeCorpus(db, {
      name: basename(settings.train[0]!),
      format: taken.format,
      encoding: [...taken.encodings].join(', '),
      splitBy: splitBy.by,
      synthetic: await isSynthetic(settings.train[0]!),
      warnings: [...taken.warnings, ...splitBy.warnings, ...(swapped ? [swappedWarning(taken.columns)] : [])],
    })
    const file: CorpusFile = { tokenisation: taken.answers ? 'answers' : 'text', summary }
    await writeFile(join(directory, 'corpus.json'), `${JSON.stringify(file, null, 2)}\n`)
    return summary
  } finally {
    db.close()
  }
}

interface Taken {
  format: string
  encodings: Set<string>
  answers: boolean
  columns: ColumnNames
  /** Columns of the source that are kept beside ours. */
  extras: string[]
  warnings: Set<string>
}

async function takeRows(db: DuckDb, settings: CorpusSettings, context: StageContext): Promise<Taken> {
  const sources: { fold: Fold; path: string }[] = folds.flatMap((fold) => (settings[fold] ?? []).map((path) => ({ fold, path })))
  const files: { fold: Fold; file: TextFile; bytes: number }[] = []
  for (const { fold, path } of sources) {
    const isParquet = (settings.format ?? formatByName(path)) === 'parquet'
    const file: TextFile = isParquet ? { path, encoding: 'utf-8' } : await openTextFile(path, context.signal)
    files.push({ fold, file, bytes: (await stat(path).catch(() => ({ size: 0 }))).size })
  }
  const total = files.reduce((sum, { bytes }) => sum + bytes, 0)
  const format = settings.format ?? (await guessFormat(files[0]!.file))

  await db.run('CREATE TABLE rejected (file VARCHAR, line INTEGER, reason VARCHAR, explanation VARCHAR, raw VARCHAR)')
  const rejects = await db.connection.createAppender('rejected')
  let accepts: Awaited<ReturnType<typeof db.connection.createAppender>> | null = null
  let extras: string[] = []
  let answers = false
  let columns: ColumnNames = {}
  const warnings = new Set<string>()
  let doneBytes = 0
  let sequence = 0

  for (const { fold, file, bytes } of files) {
    let readBytes = 0
    let misread = 0
    const source = await openRowSource(format, file, (more) => (readBytes += more))
    const chosen = chooseColumns(source.columns, settings.columns)
    if (!accepts) {
      answers = chosen.answers.length > 0
      columns = chosen.names
      extras = furtherColumns(source.columns, chosen)
      const more = extras.map((name) => `, ${quoted(name)} VARCHAR`).join('')
      await db.run(`CREATE TABLE accepted (fold VARCHAR, sequence INTEGER, author VARCHAR, lat DOUBLE, lon DOUBLE, text VARCHAR${more})`)
      accepts = await db.connection.createAppender('accepted')
    }
    const tokens = answers ? answerTokens(source.columns, chosen.answers) : null
    const extraIndices = extras.map((name) => source.columns.indexOf(name))
    const reject = (row: { line: number; reason: string; explanation: string; raw: string }) => {
      rejects.appendVarchar(file.path)
      rejects.appendInteger(row.line)
      rejects.appendVarchar(row.reason)
      rejects.appendVarchar(row.explanation)
      rejects.appendVarchar(row.raw.toWellFormed())
      rejects.endRow()
    }
    for await (const row of source.rows) {
      if ((sequence & 1023) === 0) {
        context.signal.throwIfAborted()
        context.report({ done: Math.min(total, doneBytes + readBytes), total, unit: 'bytes' })
      }
      const checked = checkRow(row, chosen, tokens)
      if ('reason' in checked) {
        reject(checked)
        continue
      }
      if (isMisread(file.encoding, checked.text)) misread++
      accepts.appendVarchar(fold)
      accepts.appendInteger(sequence++)
      if (checked.author === null) accepts.appendNull()
      else accepts.appendVarchar(checked.author)
      accepts.appendDouble(checked.lat)
      accepts.appendDouble(checked.lon)
      accepts.appendVarchar(checked.text)
      for (const index of extraIndices) {
        const value = index < 0 ? '' : checked.fields[index]!
        if (value === '') accepts.appendNull()
        else accepts.appendVarchar(value.toWellFormed())
      }
      accepts.endRow()
    }
    if (misread > 0) warnings.add(misreadWarning(file.path, misread))
    if (tokens?.zeroIsNoAnswer()) warnings.add('An answer 0 is taken as "no answer" and left out, as an empty one and NA are.')
    doneBytes += bytes
  }
  accepts?.closeSync()
  rejects.closeSync()
  context.report({ done: total, total, unit: 'bytes' })
  return { format, encodings: new Set(files.map(({ file }) => file.encoding)), answers, columns, extras, warnings }
}

const ours = new Set(['row', 'fold', 'sourcerow', 'author', 'lat', 'lon', 'text', 'sequence'])

function furtherColumns(columns: string[], { text, lat, lon, author, answers }: ChosenColumns): string[] {
  const used = new Set([text, lat, lon, author, ...answers])
  return columns.filter((name, index) => !used.has(index) && name !== '' && !ours.has(name.toLowerCase()) && columns.indexOf(name) === index)
}

type Checked =
  | { author: string | null; lat: number; lon: number; text: string; fields: string[] }
  | { line: number; reason: string; explanation: string; raw: string }

function checkRow(row: SourceRow, chosen: ChosenColumns, tokens: ReturnType<typeof answerTokens> | null): Checked {
  if (row.reason !== undefined) return row
  const { line, fields } = row
  const raw = fields.join('\t').slice(0, keptOfRejected)
  const lat = parseDegrees(fields[chosen.lat]!)
  const lon = parseDegrees(fields[chosen.lon]!)
  const problem = coordinateProblem(lat, lon)
  if (problem) return { line, ...problem, raw }
  // NUL bytes occur inside real documents (three of GeoText's): they part words and mean nothing else.
  const text = (tokens ? tokens.textOf(fields) : fields[chosen.text!]!).replaceAll('\0', ' ')
  if (!text.isWellFormed()) return { line, reason: 'bad-encoding', explanation: 'The text holds half a character (a lone surrogate).', raw }
  if (text.trim() === '') return { line, reason: 'no-text', explanation: 'The text is empty.', raw }
  const author = chosen.author === null ? '' : fields[chosen.author]!.trim()
  return { author: author === '' ? null : author.toWellFormed(), lat: lat!, lon: lon!, text, fields }
}

/** One document an author and fold; a row without an author is a document of its own. */
async function mergeAuthors(db: DuckDb, { coordinate }: CorpusSettings, extras: string[]): Promise<void> {
  const place = coordinate === 'median' ? (axis: string) => `median(${axis})` : (axis: string) => `first(${axis} ORDER BY sequence)`
  const more = extras.map((name) => `, first(${quoted(name)} ORDER BY sequence) AS ${quoted(name)}`).join('')
  await db.run(`
    CREATE TABLE documents AS
    SELECT fold, min(sequence) AS sequence, any_value(author) AS author, ${place('lat')} AS lat, ${place('lon')} AS lon,
      string_agg(text, ${sqlText(tweetSeparator)} ORDER BY sequence) AS text${more}
    FROM accepted
    GROUP BY fold, coalesce('a' || author, 's' || sequence)`)
  await db.run('DROP TABLE accepted')
  // A document's place in its source, before folds are drawn: row numbers outlive the drawing.
  await db.run('ALTER TABLE documents ADD COLUMN sourceRow INTEGER')
  await db.run(`
    UPDATE documents SET sourceRow = numbered.n FROM
      (SELECT sequence AS s, row_number() OVER (PARTITION BY fold ORDER BY sequence) - 1 AS n FROM documents) AS numbered
    WHERE documents.sequence = numbered.s`)
}

async function writeTables(db: DuckDb, directory: string, extras: string[]): Promise<void> {
  const more = extras.map((name) => `, ${quoted(name)}`).join('')
  await db.run(`
    COPY (
      SELECT (row_number() OVER (ORDER BY list_position(['train', 'dev', 'test'], fold), sequence) - 1)::INTEGER AS row,
        fold, sourceRow, author, lat, lon, text${more}
      FROM documents ORDER BY row
    ) TO ${sqlText(join(directory, 'documents.parquet'))} (FORMAT parquet, COMPRESSION zstd)`)
  await db.run(`COPY rejected TO ${sqlText(join(directory, 'rejected.parquet'))} (FORMAT parquet, COMPRESSION zstd)`)
}

async function refuseEmpty(db: DuckDb, settings: CorpusSettings): Promise<never> {
  const reasons = await db.rows('SELECT reason, count(*)::INTEGER AS n, any_value(explanation) AS example FROM rejected GROUP BY reason ORDER BY n DESC LIMIT 3')
  const found = reasons.map((row) => `${String(row['n'])} rows ${String(row['reason'])} (${String(row['example'])})`).join('; ')
  throw new EngineError(
    'import/no-accepted-rows',
    `No row of ${settings.train.join(', ')} could be used: ${found || 'the files have no rows'}. Expected rows with latitude, longitude and text. Check the format and the columns (--format, --text, --lat, --lon).`,
    { reasons },
  )
}
