import { join } from 'node:path'
import { z } from 'zod'
import { nearestNeighbourSettings, type NearestNeighbourSettings } from '#protocol/models/nearestNeighbour.ts'
import { damagedFile, readJson, requireBelow, requireFinite, requirePlaces } from '#engine/files/artefactFile.ts'
import { writeFileAtomically } from '#engine/files/atomicFile.ts'
import { readArray, writeNpy } from '#engine/files/npy.ts'
import type { Points } from '#engine/geo/points.ts'
import type { TfIdf, TfIdfRows } from '#engine/models/learning/tfIdf.ts'
import { loadTfIdf, saveTfIdf } from '#engine/models/learning/tfIdfFiles.ts'
import type { ModelSize } from '../method.ts'

/** The training documents, which are all that there is to the model. */
export interface Neighbours {
  settings: NearestNeighbourSettings
  tfIdf: TfIdf
  rows: TfIdfRows
  places: Points
  /** Where a document is placed that shares no word with any of them: their median point. */
  middle: { lat: number; lon: number }
}

const modelFile = z.object({
  format: z.literal('isogloss-nearest-neighbour'),
  settings: nearestNeighbourSettings,
  middle: z.object({ lat: z.number().min(-90).max(90), lon: z.number().min(-180).max(180) }),
})

/** Writes model.json, wordColumns.npy, idf.npy, starts.npy, columns.npy, values.npy, lat.npy and lon.npy. */
export async function saveNeighbours(
  directory: string,
  { settings, tfIdf, rows, places, middle }: Neighbours,
): Promise<void> {
  const path = (name: string) => join(directory, `${name}.npy`)
  await saveTfIdf({ columns: path('wordColumns'), idf: path('idf') }, tfIdf)
  for (const [name, values] of Object.entries({ ...rows, ...places })) await writeNpy(path(name), values)
  const file: z.input<typeof modelFile> = { format: 'isogloss-nearest-neighbour', settings, middle }
  await writeFileAtomically(join(directory, 'model.json'), `${JSON.stringify(file, null, 1)}\n`)
}

/** @throws EngineError 'file/damaged' */
export async function loadNeighbours(directory: string, size: ModelSize): Promise<Neighbours> {
  const path = (name: string) => join(directory, `${name}.npy`)
  const { settings, middle } = await readJson(join(directory, 'model.json'), modelFile)
  const tfIdf = await loadTfIdf({ columns: path('wordColumns'), idf: path('idf') }, size.vocabulary, settings)
  const { values: columns } = await readArray(path('columns'), Int32Array, [null])
  const { values } = await readArray(path('values'), Float32Array, [columns.length])
  const { values: starts } = await readArray(path('starts'), Float64Array, [null])
  const { values: lat } = await readArray(path('lat'), Float64Array, [starts.length - 1])
  const { values: lon } = await readArray(path('lon'), Float64Array, [starts.length - 1])
  requireFinite(path('values'), values)
  requireBelow(path('columns'), columns, tfIdf.idf.length)
  requirePlaces(path('lat'), { lat, lon })
  const ascending =
    starts[0] === 0 && starts.every((start, i) => Number.isInteger(start) && (i === 0 || start >= starts[i - 1]!))
  if (!ascending || starts.at(-1) !== columns.length)
    throw damagedFile(path('starts'), `its offsets do not ascend from 0 to ${columns.length}`)
  return { settings, tfIdf, rows: { starts, columns, values }, places: { lat, lon }, middle }
}
