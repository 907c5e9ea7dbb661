import type { ColumnNames, CorpusFormat } from '#protocol/experiment.ts'
import type { ImportPreview } from '#protocol/results.ts'
import { coordinateProblem, looksSwapped, parseDegrees, swappedWarning } from './coordinates.ts'
import { formatByName, guessColumns, guessFormat } from './guess.ts'
import { openRowSource } from './rowSource.ts'
import { answerTokens } from './survey.ts'
import { isSynthetic } from './synthetic.ts'
import { isMisread, misreadWarning, openTextFile } from './textFile.ts'

const shownRows = 20
const mappedRows = 1000
const shownCharacters = 300

/** The first rows of a source as an import would take them; nothing is written. */
export async function previewImport({
  files,
  format: wantedFormat,
  columns: wantedColumns,
}: {
  files: string[]
  format?: CorpusFormat
  columns?: ColumnNames
}): Promise<ImportPreview> {
  const path = files[0]!
  const isParquet = (wantedFormat ?? formatByName(path)) === 'parquet'
  const file = isParquet ? { path, encoding: 'utf-8' as const } : await openTextFile(path)
  const format = wantedFormat ?? (await guessFormat(file))
  const { columns, rows } = await openRowSource(format, file)
  const chosen = guessColumns(columns, wantedColumns)
  const tokens = chosen.answers.length ? answerTokens(columns, chosen.answers) : null
  const preview: ImportPreview = {
    format,
    encoding: file.encoding,
    columns,
    guessed: chosen.names,
    rows: [],
    synthetic: await isSynthetic(path),
    rowsRead: 0,
    lonLat: new Float32Array(),
    warnings: [],
  }
  const lonLat: number[] = []
  let misread = 0
  for await (const row of rows) {
    if (preview.rowsRead === mappedRows) break
    preview.rowsRead++
    if (row.reason !== undefined) {
      if (preview.rows.length < shownRows) preview.rows.push({ lat: null, lon: null, author: null, text: row.raw.slice(0, shownCharacters), problem: row.explanation })
      continue
    }
    if (row.fields.some((value) => isMisread(file.encoding, value))) misread++
    const field = (index: number | null) => (index === null ? '' : row.fields[index]!)
    const lat = parseDegrees(field(chosen.lat))
    const lon = parseDegrees(field(chosen.lon))
    const problem = coordinateProblem(lat, lon)
    if (!problem) lonLat.push(lon!, lat!)
    if (preview.rows.length < shownRows) {
      const text = tokens ? tokens.textOf(row.fields) : field(chosen.text)
      preview.rows.push({
        lat,
        lon,
        author: chosen.author === null ? null : field(chosen.author),
        text: text.slice(0, shownCharacters).toWellFormed(),
        problem: problem?.explanation ?? (text.trim() === '' ? 'The text is empty.' : null),
      })
    }
  }
  preview.lonLat = Float32Array.from(lonLat)
  const points = {
    lat: Float64Array.from(lonLat.filter((_, i) => i % 2 === 1)),
    lon: Float64Array.from(lonLat.filter((_, i) => i % 2 === 0)),
  }
  if (await looksSwapped(points)) preview.warnings.push(swappedWarning(chosen.names))
  if (misread > 0) preview.warnings.push(misreadWarning(path, misread))
  for (const what of ['lat', 'lon'] as const) {
    if (chosen[what] === null) preview.warnings.push(`No column looks like ${what === 'lat' ? 'latitude' : 'longitude'}: choose it.`)
  }
  if (chosen.text === null && !tokens) preview.warnings.push('No column looks like text: choose it, or a pattern of answers.')
  return preview
}
