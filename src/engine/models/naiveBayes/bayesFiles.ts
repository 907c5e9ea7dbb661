import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import { EngineError } from '#protocol/errors.ts'
import { naiveBayesSettings } from '#protocol/models/naiveBayes.ts'
import { writeFileAtomically } from '#engine/files/atomicFile.ts'
import { readNpy, writeNpy, type NpyArray } from '#engine/files/npy.ts'
import type { BayesWeights } from './bayesWeights.ts'

const modelFile = z.object({ format: z.literal('isogloss-naive-bayes'), settings: naiveBayesSettings })

/** Writes model.json, kept.npy, documents.npy and the counts by word: starts.npy, labels.npy, counts.npy. */
export async function saveBayes(directory: string, { settings, kept, documents, counts }: BayesWeights): Promise<void> {
  const arrays: Record<string, NpyArray> = { kept, documents, ...counts }
  for (const [name, values] of Object.entries(arrays)) await writeNpy(join(directory, `${name}.npy`), values)
  await writeFileAtomically(join(directory, 'model.json'), `${JSON.stringify({ format: 'isogloss-naive-bayes', settings }, null, 1)}\n`)
}

/** @throws EngineError 'run/model-damaged' */
export async function loadBayes(directory: string): Promise<BayesWeights> {
  const damaged = (what: string) => new EngineError('run/model-damaged', `${directory} does not hold a whole model: ${what}. Delete the run in Artefacts and train it again.`)
  const text = await readFile(join(directory, 'model.json'), 'utf8')
  const file = modelFile.safeParse(parsed(text))
  if (!file.success) throw damaged(`model.json: ${z.prettifyError(file.error)}`)
  async function array<Values extends NpyArray>(name: string, Type: new (length: number) => Values): Promise<Values> {
    const { values } = await readNpy(join(directory, `${name}.npy`))
    if (!(values instanceof Type)) throw damaged(`${name}.npy holds ${values.constructor.name}, expected ${Type.name}`)
    return values
  }
  const kept = await array('kept', Uint8Array)
  const documents = await array('documents', Float64Array)
  const [starts, labels, counts] = [await array('starts', Float64Array), await array('labels', Int32Array), await array('counts', Float32Array)]
  const ascending = starts.length === kept.length + 1 && starts[0] === 0 && starts.every((start, i) => i === 0 || start >= starts[i - 1]!)
  if (!ascending || starts.at(-1) !== labels.length || labels.length !== counts.length) throw damaged('the counts of words do not fit together')
  if (labels.some((label) => label < 0 || label >= documents.length)) throw damaged('a count belongs to a label that is not there')
  return { settings: file.data.settings, kept, documents, counts: { starts, labels, counts } }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}
