import { fstatSync } from 'node:fs'
import { resolve } from 'node:path'
import { EngineError } from '#protocol/errors.ts'
import type { Prediction } from '#protocol/runs.ts'
import { addedColumns } from '#pure/addedColumns.ts'
import { placedTexts, predictionsFigure } from '#pure/figures/predictionsFigure.ts'
import { isFigure, unknownEnding, writeFigure } from '#engine/files/figureFile.ts'
import { refuseExisting, writeNewFile } from '#engine/files/newFile.ts'
import { figureGround, figureSize } from '../figures/figureGround.ts'
import { print, printable } from '../output.ts'
import { csvLine } from '../predict/csvTable.ts'
import { certaintyHistogram } from '../predict/certaintyHistogram.ts'
import { windowsOf, type TextWindow } from '../predict/textWindows.ts'
import { fileTexts } from '../predict/fileTexts.ts'
import { readTexts, type TextEntry, type TextOptions, type Texts } from '../predict/texts.ts'
import { WorkbookRows } from '../predict/workbookRows.ts'
import { withEngine } from '../withEngine.ts'

export interface PredictOptions extends TextOptions {
  project: string
  run: string
  /** Read and written in place of standard input and output. */
  in?: string
  out?: string
  /** Long texts are answered in pieces of so many words. */
  window?: number
  /** Level of a region whose size is a further column. */
  region?: number
  /** The region holds its level within each label too. */
  perLabel?: boolean
  /** A figure of where the texts were placed, .svg or .png. */
  map?: string
  /** Answers as a table, as a table's are. */
  csv?: boolean
  /** Answers as JSON lines, as all others are. */
  json?: boolean
}

/** Lines without an answer that are named one by one. */
const mostNamed = 20
const answerColumns = ['lat', 'lon', 'label', 'name', 'probability']
const windowColumns = ['window', 'start', 'end']

/**
 * `predict`: texts on standard input, an answer each on standard output, in the same order. A line that cannot be answered is
 * named on standard error and costs itself; a table keeps its row, without an answer.
 * @throws EngineError where no line could be answered
 */
export async function predict(options: PredictOptions): Promise<void> {
  const { out, map } = options
  // Node takes a folder for an input without a line.
  if (options.in === undefined && fstatSync(0).isDirectory())
    throw new EngineError(
      'file/not-a-file',
      'Standard input is a folder; lines of JSON were expected, such as {"text": "..."}. Choose a file.',
    )
  if (map !== undefined && !isFigure(map)) throw unknownEnding(map)
  if (isWorkbook(out) && options.json)
    throw new EngineError(
      'predict/json-in-workbook',
      'A workbook holds a table, not JSON lines. Leave --json out, or name a file that ends with .jsonl.',
    )
  if (out !== undefined) await refuseExisting(out)
  if (out === undefined) return drawMap(await answerAll(options, lines(print)), options)
  let placed: Placed[] = []
  await writeNewFile(out, async (file) => {
    if (!isWorkbook(out))
      placed = await answerAll(
        options,
        lines((line) => file.appendFile(`${line}\n`)),
      )
    else {
      const rows = new WorkbookRows()
      placed = await answerAll({ ...options, csv: true }, { json: () => undefined, row: (fields) => rows.add(fields) })
      await file.appendFile(await rows.bytes())
      if (rows.changed > 0)
        say(`${rows.changed} fields do not fit into a cell of a workbook and were shortened. A .csv has them whole.`)
    }
  })
  say(`${out} is written.`)
  await drawMap(placed, options)
}

const isWorkbook = (path: string | undefined) => path !== undefined && /\.xlsx$/i.test(path)

/** What takes the answers: each as an object, or as the row of a table. */
interface Sink {
  json(answer: object): unknown
  row(fields: readonly (string | number)[], delimiter: string): unknown
}

/** @param put takes a line without its end */
const lines = (put: (line: string) => unknown): Sink => ({
  json: (answer) => put(JSON.stringify(answer)),
  row: (fields, delimiter) => put(csvLine(fields, delimiter)),
})

type Placed = Pick<Prediction, 'lat' | 'lon' | 'probability'>

async function drawMap(placed: Placed[], { map }: PredictOptions): Promise<void> {
  if (map === undefined || placed.length === 0) return
  const look = { widthMm: 160 }
  const texts = placedTexts(placed)
  await writeFigure(map, predictionsFigure(texts, await figureGround(texts.lonLat, look), figureSize(look)))
  say(`${map}: where ${placed.length} texts were placed.`)
}

/** Answers text by text; of what goes into a file, the certainties are shown as a histogram. */
async function answerAll(options: PredictOptions, sink: Sink): Promise<Placed[]> {
  const { project, run, csv, json, region, perLabel } = options
  const placed: Placed[] = []
  await withEngine(async (engine) => {
    await engine.request('project.open', { directory: resolve(project) })
    const texts = await (options.in === undefined
      ? readTexts(process.stdin, options)
      : fileTexts(engine, options.in, options, say))
    const isTable = csv === true || (texts.isTable && json !== true)
    const write = isTable ? await tableWriter(texts, options, sink) : jsonWriter(sink)
    const levels = { ...(region === undefined ? {} : { levels: [region] }), ...(perLabel ? { perLabel } : {}) }
    let answered = 0
    let failed = 0
    let firstFailed: TextEntry | null = null
    for await (const entry of texts.entries) {
      if (entry.text === null) {
        firstFailed ??= entry
        if (++failed <= mostNamed) say(sentenceOf(entry))
        await write(entry, null)
        continue
      }
      for (const window of windowsOf(entry.text, options.window)) {
        const answer = await engine.request('run.predict', { run, text: window.text, explain: !isTable, ...levels })
        if (region !== undefined && !answer.regions) throw notCalibrated(run)
        const { lat, lon, probability } = answer
        placed.push({ lat, lon, probability })
        await write(entry, answer, options.window === undefined ? null : window)
      }
      answered++
    }
    const certainties = placed.flatMap(({ probability }) => probability ?? [])
    if (options.out !== undefined && certainties.length > 0) say(certaintyHistogram(certainties))
    if (!firstFailed) return
    const { line, problem } = firstFailed
    if (answered === 0)
      throw new EngineError(problem!.code, `No line of the input could be answered. ${sentenceOf(firstFailed)}`, {
        line,
      })
    say(`${failed} of ${answered + failed} lines could not be answered.`)
  })
  return placed
}

const say = (line: string) => process.stderr.write(`${printable(line)}\n`)
const sentenceOf = ({ line, problem }: TextEntry) =>
  `Line ${line} of the input${'sentence' in problem! ? `: ${problem.sentence}` : ` ${problem!.message}.`}`

const notCalibrated = (run: string) =>
  new EngineError(
    'predict/not-calibrated',
    `Run ${run} was not calibrated, so that it knows no regions. Ask for evaluation.uncertainty in the experiment and run it, or leave --region out.`,
  )

type Write = (entry: TextEntry, answer: Prediction | null, window?: TextWindow | null) => Promise<void>

const jsonWriter =
  (sink: Sink): Write =>
  async (_, answer, window) => {
    if (!answer) return
    const place = window ? { window: window.window, start: window.start, end: window.end } : {}
    await sink.json({ ...place, ...answer })
  }

/** Writes a header and rows: the columns of the input, or the text, and the answer's. */
async function tableWriter(
  { columns, delimiter }: Texts,
  { window, region }: PredictOptions,
  sink: Sink,
): Promise<Write> {
  const added = [
    ...(window === undefined ? [] : windowColumns),
    ...answerColumns,
    ...(region === undefined ? [] : ['regionKm2']),
  ]
  const kept = columns.length > 0 ? columns : ['text']
  const head = [...kept, ...addedColumns(kept, added)]
  await sink.row(head, delimiter)
  return async ({ text, fields }, answer, part) => {
    const own = fields ?? (text === null ? null : [text])
    if (!own) return
    const found = answer
      ? [
          ...(part ? [part.window, part.start, part.end] : []),
          ...[answer.lat, answer.lon, answer.label ?? '', answer.name ?? '', answer.probability ?? ''],
          ...(region === undefined ? [] : [answer.regions?.[0]?.areaKm2 ?? '']),
        ]
      : added.map(() => '')
    await sink.row([...own, ...found], delimiter)
  }
}
