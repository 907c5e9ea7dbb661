import type { TfIdfSettings } from '#protocol/models/tfIdf.ts'
import { damagedFile, requireFinite } from '#engine/files/artefactFile.ts'
import { readArray, writeNpy } from '#engine/files/npy.ts'
import type { TfIdf } from './tfIdf.ts'

/** The two arrays of a model's tf-idf: the column of each word, and the weight of each column. */
export interface TfIdfPaths {
  columns: string
  idf: string
}

export async function saveTfIdf({ columns, idf }: TfIdfPaths, tfIdf: TfIdf): Promise<void> {
  await writeNpy(columns, tfIdf.columnOf)
  await writeNpy(idf, tfIdf.idf)
}

/**
 * @param vocabulary words of the vocabulary
 * @throws EngineError 'file/damaged'
 */
export async function loadTfIdf(
  paths: TfIdfPaths,
  vocabulary: number,
  { frequency }: Pick<TfIdfSettings, 'frequency'>,
): Promise<TfIdf> {
  const { values: columnOf } = await readArray(paths.columns, Int32Array, [vocabulary])
  const { values: idf } = await readArray(paths.idf, Float32Array, [null])
  requireFinite(paths.idf, idf)
  if (!columnOf.every((column) => column >= -1 && column < idf.length))
    throw damagedFile(paths.columns, `a column in it is not one of ${idf.length}`)
  return { frequency, columnOf, idf }
}
