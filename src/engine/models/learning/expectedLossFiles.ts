import { join } from 'node:path'
import { z } from 'zod'
import type { PlaceDecision } from '#protocol/models/description.ts'
import { damagedFile, readJson, requireFinite, requirePlaces } from '#engine/files/artefactFile.ts'
import { writeFileAtomically } from '#engine/files/atomicFile.ts'
import { readArray, writeNpy } from '#engine/files/npy.ts'
import type { ExpectedLoss } from './expectedLoss.ts'

const decisionFile = z.object({
  decision: z.enum(['mean', 'median']),
  lossScaleKm: z.number().positive().nullable(),
  sharpen: z.number().positive(),
})

const names = { lat: 'decision-lat', lon: 'decision-lon', losses: 'decision-losses', prior: 'decision-prior' }

/** Writes decision.json, and decision-*.npy: candidates' places, losses (candidates x labels) and the labels' shares. */
export async function saveExpectedLoss(
  directory: string,
  { decision, lossScaleKm, sharpen, prior, candidates, losses }: ExpectedLoss,
): Promise<void> {
  const path = (name: keyof typeof names) => join(directory, `${names[name]}.npy`)
  await writeNpy(path('lat'), candidates.lat)
  await writeNpy(path('lon'), candidates.lon)
  await writeNpy(path('losses'), losses, [candidates.lat.length, prior.length])
  await writeNpy(path('prior'), prior)
  await writeFileAtomically(
    join(directory, 'decision.json'),
    `${JSON.stringify({ decision, lossScaleKm, sharpen }, null, 1)}\n`,
  )
}

/** @throws EngineError 'file/damaged' */
export async function loadExpectedLoss(
  directory: string,
  expected: PlaceDecision,
  labelCount: number,
): Promise<ExpectedLoss> {
  const path = (name: keyof typeof names) => join(directory, `${names[name]}.npy`)
  const filePath = join(directory, 'decision.json')
  const file = await readJson(filePath, decisionFile)
  if (file.decision !== expected)
    throw damagedFile(filePath, `it decides by ${file.decision}, its model by ${expected}`)
  const { values: lat } = await readArray(path('lat'), Float64Array)
  const { values: lon } = await readArray(path('lon'), Float64Array, [lat.length])
  const { values: losses } = await readArray(path('losses'), Float32Array, [lat.length, labelCount])
  const { values: prior } = await readArray(path('prior'), Float64Array, [labelCount])
  if (lat.length === 0) throw damagedFile(path('lat'), 'it holds no place')
  requirePlaces(path('lat'), { lat, lon })
  requireFinite(path('losses'), losses)
  if (!prior.every((share) => share > 0 && share <= 1))
    throw damagedFile(path('prior'), 'a share in it is not above 0 and at most 1')
  return { ...file, prior, candidates: { lat, lon }, losses }
}
