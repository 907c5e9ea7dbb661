import type { CorpusSettings } from '#protocol/experiment.ts'
import type { ImportPreview, ImportReading } from '#protocol/corpus.ts'
import { corpusFiles, type FileReader, type ReaderSettings } from './corpusFiles.ts'
import { damagedCharacter } from './container/encoding/blockDecoder.ts'
import { isMisread, misreadWarning } from './container/encoding/misread.ts'
import { likelyMistake, mistakeWarning } from './places/suspicions.ts'
import { importReading } from './reading/importReading.ts'
import { rowFilter } from './rowFilter.ts'
import type { RowTaker } from './form/rowTaker.ts'
import { isSynthetic } from './synthetic.ts'

const shownRows = 20
const mappedRows = 1000
const shownCharacters = 300

export type PreviewSettings = ReaderSettings & Pick<CorpusSettings, 'filter'>

/** The first rows of files as an import would take them; nothing is written. What is shown row by row is of the first file. */
export async function previewImport(files: string[], settings: PreviewSettings): Promise<ImportPreview> {
  const reader = await corpusFiles(settings)
  let preview: ImportPreview | null = null
  const readings: ImportReading[] = []
  const warnings = new Set<string>()
  for (const path of files) {
    const file = await reader.open(path)
    const seen = await readFirstRows(file, settings)
    if (seen.misread > 0) warnings.add(misreadWarning(path, seen.misread))
    readings.push(
      importReading(file, 'train', {
        taken: seen.taken,
        filtered: seen.filtered,
        rejected: seen.rejected,
        complete: seen.complete,
      }),
    )
    if (preview) continue
    const { reading, columns } = file.source
    preview = {
      format: reading.format,
      encoding: reading.encoding,
      columns,
      guessed: file.roles.names,
      rows: seen.rows,
      synthetic: await isSynthetic(path),
      rowsRead: seen.read,
      lonLat: Float32Array.from(seen.lonLat),
      warnings: [],
      readings,
    }
    const points = {
      lat: Float64Array.from(seen.lonLat.filter((_, i) => i % 2 === 1)),
      lon: Float64Array.from(seen.lonLat.filter((_, i) => i % 2 === 0)),
    }
    const mistake = await likelyMistake(points)
    if (mistake) warnings.add(mistakeWarning(mistake, file.roles.names))
    for (const missing of missingRoles(file)) warnings.add(missing)
  }
  for (const { notes } of readings) notes.forEach((note) => warnings.add(note))
  for (const note of reader.notes()) warnings.add(note)
  return { ...preview!, warnings: [...warnings] }
}

function missingRoles({ roles, source }: FileReader): string[] {
  const named = (pattern: RegExp) => source.columns.some((name) => pattern.test(name))
  const missing: string[] = []
  if (!roles.place) {
    if (!named(/lat/i) || named(/lon|lng/i)) missing.push('No column looks like latitude: choose it.')
    if (!named(/lon|lng/i) || named(/lat/i)) missing.push('No column looks like longitude: choose it.')
  }
  if (roles.text === null && roles.answers.length === 0 && !roles.long)
    missing.push('No column looks like text: choose it, or a pattern of answers.')
  return missing
}

async function readFirstRows({ source, roles, place, answersOf }: FileReader, { filter }: PreviewSettings) {
  const passes = rowFilter(filter, source.columns)
  const rows: ImportPreview['rows'] = []
  const lonLat: number[] = []
  const reasons = new Map<string, { rows: number; example: string }>()
  const seen = { read: 0, taken: 0, filtered: 0, misread: 0, complete: true }
  const reject = (reason: string, explanation: string) => {
    const known = reasons.get(reason)
    if (known) known.rows++
    else reasons.set(reason, { rows: 1, example: explanation })
  }
  const isFull = () => {
    if (seen.read < mappedRows) return false
    seen.complete = false
    return true
  }
  const taker: RowTaker = {
    reject(_line, reason, explanation, raw) {
      if (isFull()) return
      seen.read++
      reject(reason, explanation)
      if (rows.length < shownRows)
        rows.push({ lat: null, lon: null, author: null, text: raw.slice(0, shownCharacters), problem: explanation })
    },
    row(_line, fields) {
      if (isFull()) return
      seen.read++
      if (passes && !passes(fields)) return void seen.filtered++
      const field = (index: number | null) => (index === null ? '' : fields.text(index))
      if (
        source.reading.encoding === 'windows-1252' &&
        fields.starts.some((start, index) => isMisread(fields.bytes, start, fields.ends[index]!))
      )
        seen.misread++
      const text = answersOf ? answersOf(fields) : field(roles.text)
      const misplaced = place
        ? place.read(fields)
        : { reason: 'no-coordinates', explanation: 'No coordinates were found.' }
      if (!misplaced) lonLat.push(place!.lon, place!.lat)
      const problem =
        misplaced ??
        (text.trim() === ''
          ? { reason: 'no-text', explanation: answersOf ? 'No question is answered.' : 'The text is empty.' }
          : null)
      if (problem) reject(problem.reason, problem.explanation)
      else seen.taken++
      if (rows.length === shownRows) return
      const shown = text.slice(0, shownCharacters).replaceAll(damagedCharacter, '\ufffd').toWellFormed()
      rows.push({
        lat: misplaced ? null : place!.lat,
        lon: misplaced ? null : place!.lon,
        author: roles.author === null ? null : field(roles.author),
        text: shown,
        problem: problem?.explanation ?? null,
      })
    },
  }
  for await (const _ of source.read(taker)) if (!seen.complete) break
  const rejected = [...reasons]
    .map(([reason, { rows: count, example }]) => ({ reason, rows: count, example }))
    .sort((a, b) => b.rows - a.rows || (a.reason < b.reason ? -1 : 1))
  return { ...seen, rows, lonLat, rejected }
}
