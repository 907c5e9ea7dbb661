import { fstatSync } from 'node:fs'
import { resolve } from 'node:path'
import { EngineError } from '#protocol/errors.ts'
import type { Prediction } from '#protocol/runs.ts'
import { print, printable } from '../output.ts'
import { csvLine } from '../predict/csvTable.ts'
import { readTexts, type TextEntry, type TextOptions, type Texts } from '../predict/texts.ts'
import { withEngine } from '../withEngine.ts'

export interface PredictOptions extends TextOptions {
  project: string
  run: string
  /** Answers as a table, as a table's are. */
  csv?: boolean
  /** Answers as JSON lines, as all others are. */
  json?: boolean
}

/** Lines without an answer that are named one by one. */
const mostNamed = 20
const answerColumns = ['lat', 'lon', 'label', 'name', 'probability']

/**
 * `predict`: texts on standard input, an answer each on standard output, in the same order. A line that cannot be answered is
 * named on standard error and costs itself; a table keeps its row, without an answer.
 * @throws EngineError where no line could be answered
 */
export async function predict({ project, run, csv, json, ...options }: PredictOptions): Promise<void> {
  // Node takes a folder for an input without a line.
  if (fstatSync(0).isDirectory())
    throw new EngineError(
      'file/not-a-file',
      'Standard input is a folder; lines of JSON were expected, such as {"text": "..."}. Choose a file.',
    )
  await withEngine(async (engine) => {
    await engine.request('project.open', { directory: resolve(project) })
    const texts = await readTexts(process.stdin, options)
    const isTable = csv === true || (options.text !== undefined && json !== true)
    const write = isTable ? tableWriter(texts) : jsonWriter
    let answered = 0
    let failed = 0
    let firstFailed: TextEntry | null = null
    for await (const entry of texts.entries) {
      if (entry.text === null) {
        firstFailed ??= entry
        if (++failed <= mostNamed) say(sentenceOf(entry))
        write(entry, null)
      } else {
        write(entry, await engine.request('run.predict', { run, text: entry.text }))
        answered++
      }
    }
    if (!firstFailed) return
    const { line, problem } = firstFailed
    if (answered === 0)
      throw new EngineError(problem!.code, `No line of the input could be answered. ${sentenceOf(firstFailed)}`, {
        line,
      })
    say(`${failed} of ${answered + failed} lines could not be answered.`)
  })
}

const say = (line: string) => process.stderr.write(`${printable(line)}\n`)
const sentenceOf = ({ line, problem }: TextEntry) => `Line ${line} of the input ${problem!.message}.`

type Write = (entry: TextEntry, answer: Prediction | null) => void

const jsonWriter: Write = (_, answer) => {
  if (answer) print(JSON.stringify(answer))
}

/** Writes a header and rows: the columns of the input, or the text, and the answer's. */
function tableWriter({ columns, delimiter }: Texts): Write {
  const kept = columns.length > 0 ? columns : ['text']
  const isTaken = answerColumns.some((name) => kept.includes(name))
  const head = [...kept, ...answerColumns.map((name) => (isTaken ? `predicted_${name}` : name))]
  print(csvLine(head, delimiter))
  return ({ text, fields }, answer) => {
    const own = fields ?? (text === null ? null : [text])
    if (!own) return
    const found = answer
      ? [answer.lat, answer.lon, answer.label ?? '', answer.name ?? '', answer.probability ?? '']
      : answerColumns.map(() => '')
    print(csvLine([...own, ...found], delimiter))
  }
}
