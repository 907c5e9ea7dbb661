import { fstatSync } from 'node:fs'
import { createInterface } from 'node:readline'
import { resolve } from 'node:path'
import { z } from 'zod'
import { EngineError } from '#protocol/errors.ts'
import { print } from '../output.ts'
import { withEngine } from '../withEngine.ts'

const line = z.object({ text: z.string() })

/** `predict`: JSON lines {"text"} on standard input, one JSON line each on standard output, in the same order. */
export async function predict({ project, run }: { project: string; run: string }): Promise<void> {
  // Node takes a folder for an input without a line.
  if (fstatSync(0).isDirectory()) throw new EngineError('file/not-a-file', 'Standard input is a folder; lines of JSON were expected, such as {"text": "..."}. Choose a file.')
  await withEngine(async (engine) => {
    await engine.request('project.open', { directory: resolve(project) })
    let number = 0
    for await (const raw of createInterface({ input: process.stdin, crlfDelay: Infinity })) {
      number++
      if (raw.trim() === '') continue
      const { text } = parseLine(raw, number)
      print(JSON.stringify(await engine.request('run.predict', { run, text })))
    }
  })
}

function parseLine(raw: string, number: number): { text: string } {
  let value: unknown
  try {
    value = JSON.parse(raw)
  } catch {
    throw new EngineError('predict/not-json', `Line ${number} of the input is not JSON. Expected {"text": "..."}; the lines before it were answered.`, { line: number })
  }
  const parsed = line.safeParse(value)
  if (!parsed.success) {
    throw new EngineError('predict/no-text', `Line ${number} of the input has no "text" that is a string. Expected {"text": "..."}; the lines before it were answered.`, { line: number })
  }
  return parsed.data
}
