import type { ColumnNames, CorpusFormat } from '#protocol/experiment.ts'
import type { ImportPreview } from '#protocol/results.ts'
import { coordinateProblem, looksSwapped, parseDegrees, swappedWarning } from './coordinates.ts'
import { openRowSource } from './form/openRowSource.ts'
import { guessColumns } from './guess.ts'
import type { RowTaker } from './form/rowTaker.ts'
import { answerTokens } from './survey.ts'
import { isMisread, misreadWarning } from './container/encoding/misread.ts'
import { isSynthetic } from './synthetic.ts'

const shownRows = 20
const mappedRows = 1000
const shownCharacters = 300

interface Wanted {
  files: string[]
  format?: CorpusFormat
  columns?: ColumnNames
}

/** The first rows of a source as an import would take them; nothing is written. */
export async function previewImport(wanted: Wanted): Promise<ImportPreview> {
  const path = wanted.files[0]!
  const { reading, columns, read } = await openRowSource(path, { format: wanted.format })
  const chosen = guessColumns(columns, wanted.columns)
  const tokens = chosen.answers.length ? answerTokens(columns, chosen.answers) : null
  const preview: ImportPreview = {
    format: reading.format,
    encoding: reading.encoding,
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
  const taker: RowTaker = {
    reject(_line, _reason, explanation, raw) {
      if (preview.rowsRead === mappedRows) return
      preview.rowsRead++
      if (preview.rows.length === shownRows) return
      preview.rows.push({ lat: null, lon: null, author: null, text: raw.slice(0, shownCharacters), problem: explanation })
    },
    row(_line, fields) {
      if (preview.rowsRead === mappedRows) return
      preview.rowsRead++
      if (reading.encoding === 'windows-1252' && fields.starts.some((start, index) => isMisread(fields.bytes, start, fields.ends[index]!))) misread++
      const field = (index: number | null) => (index === null ? '' : fields.text(index))
      const lat = parseDegrees(field(chosen.lat))
      const lon = parseDegrees(field(chosen.lon))
      const problem = coordinateProblem(lat, lon)
      if (!problem) lonLat.push(lon!, lat!)
      if (preview.rows.length === shownRows) return
      const text = tokens ? tokens.textOf(fields) : field(chosen.text)
      preview.rows.push({
        lat,
        lon,
        author: chosen.author === null ? null : field(chosen.author),
        text: text.slice(0, shownCharacters).toWellFormed(),
        problem: problem?.explanation ?? (text.trim() === '' ? 'The text is empty.' : null),
      })
    },
  }
  for await (const _ of read(taker)) if (preview.rowsRead === mappedRows) break
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
