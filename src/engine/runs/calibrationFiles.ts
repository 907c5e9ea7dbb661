import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import type { SaidWithChance } from '#engine/evaluation/uncertainty/conformalRegions.ts'
import type { CalibratedRun } from '#engine/evaluation/uncertainty/uncertaintyResult.ts'
import { damagedFile, readJson, requireBelow } from '#engine/files/artefactFile.ts'
import { writeFileAtomically } from '#engine/files/atomicFile.ts'
import { readArray, writeNpy } from '#engine/files/npy.ts'
import { noLabel } from '#engine/labels/scheme.ts'

const calibrationFile = z.object({
  temperature: z.number().positive(),
  labels: z.number().int().positive(),
  calibrationDocuments: z.number().int().positive(),
  testDocuments: z.number().int().nonnegative(),
})

/**
 * Writes calibration/ of a run: calibration.json, areasKm2.npy (of each label), and of the calibration documents, and of the test
 * documents in the order of their rows, NAME-posterior.npy (documents x labels, natural logarithms), NAME-labels.npy (of the
 * places) and NAME-uniform.npy; of the test documents also within161Km.npy: the probability, and whether it is so.
 */
export async function saveCalibration(directory: string, run: CalibratedRun): Promise<void> {
  const { calibration, test, within161Km } = run
  await mkdir(directory, { recursive: true })
  for (const [name, said] of [
    ['calibration', calibration.documents],
    ['test', test],
  ] as const) {
    const { logProbabilities, labels, labelCount, uniform } = said
    await writeNpy(join(directory, `${name}-posterior.npy`), logProbabilities, [labels.length, labelCount])
    await writeNpy(join(directory, `${name}-labels.npy`), labels)
    await writeNpy(join(directory, `${name}-uniform.npy`), uniform)
  }
  await writeNpy(join(directory, 'areasKm2.npy'), calibration.areasKm2)
  await writeNpy(join(directory, 'test-expected161Km.npy'), within161Km.expected)
  await writeNpy(join(directory, 'test-within161Km.npy'), within161Km.observed)
  const file: z.infer<typeof calibrationFile> = {
    temperature: calibration.temperature,
    labels: calibration.areasKm2.length,
    calibrationDocuments: calibration.documents.labels.length,
    testDocuments: test.labels.length,
  }
  await writeFileAtomically(join(directory, 'calibration.json'), `${JSON.stringify(file, null, 1)}\n`)
}

/**
 * What regions of new texts are made from.
 * @throws EngineError 'file/damaged'
 */
export async function loadCalibration(directory: string): Promise<CalibratedRun['calibration']> {
  const file = await readJson(join(directory, 'calibration.json'), calibrationFile)
  return calibrationOf(directory, file)
}

/**
 * The same with the test documents.
 * @throws EngineError 'file/damaged'
 */
export async function loadCalibratedRun(directory: string, testDocuments: number): Promise<CalibratedRun> {
  const path = join(directory, 'calibration.json')
  const file = await readJson(path, calibrationFile)
  if (file.testDocuments !== testDocuments)
    throw damagedFile(path, `it tells of ${file.testDocuments} test documents, expected ${testDocuments}`)
  const numbers = (name: string) => readArray(join(directory, name), Float64Array, [testDocuments])
  const observed = await readArray(join(directory, 'test-within161Km.npy'), Uint8Array, [testDocuments])
  return {
    calibration: await calibrationOf(directory, file),
    test: await readSaid(directory, 'test', testDocuments, file.labels),
    within161Km: { expected: (await numbers('test-expected161Km.npy')).values, observed: observed.values },
  }
}

async function calibrationOf(
  directory: string,
  { temperature, labels, calibrationDocuments }: z.infer<typeof calibrationFile>,
): Promise<CalibratedRun['calibration']> {
  const path = join(directory, 'areasKm2.npy')
  const { values: areasKm2 } = await readArray(path, Float64Array, [labels])
  if (!areasKm2.every((area) => area > 0 && Number.isFinite(area)))
    throw damagedFile(path, 'an area in it is not above 0')
  return {
    temperature,
    areasKm2,
    documents: await readSaid(directory, 'calibration', calibrationDocuments, labels),
  }
}

async function readSaid(
  directory: string,
  name: 'calibration' | 'test',
  documents: number,
  labelCount: number,
): Promise<SaidWithChance> {
  const path = (what: string) => join(directory, `${name}-${what}.npy`)
  const { values: logProbabilities } = await readArray(path('posterior'), Float32Array, [documents, labelCount])
  const { values: labels } = await readArray(path('labels'), Int32Array, [documents])
  const { values: uniform } = await readArray(path('uniform'), Float64Array, [documents])
  requireBelow(path('labels'), labels, labelCount, noLabel)
  if (logProbabilities.some(Number.isNaN)) throw damagedFile(path('posterior'), 'it holds what is no number')
  return { labelCount, logProbabilities, labels, uniform }
}
