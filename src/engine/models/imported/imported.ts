import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { ImportedSettings } from '#protocol/models/imported.ts'
import { EngineError } from '#protocol/errors.ts'
import { noExplanation } from '#engine/models/learning/noExplanation.ts'
import type { ModelMethod, TrainingData } from '#engine/models/method.ts'
import { readGuesses, type Guesses } from './readGuesses.ts'

/** Predictions of a system outside: nothing is trained, and nothing can be asked of it but the corpus's own documents. */
export const imported: ModelMethod<ImportedSettings> = {
  version: 1,

  async train({ file }, data, { context }) {
    const guesses = await readGuesses(file)
    const authors = await authorsOf(data)
    const { placeOf, unknown } = matchGuesses(guesses, authors)
    if (unknown.length > 0)
      context.note(
        `${unknown.length} of ${guesses.places.size} predictions are of no document of the corpus (${named(unknown)}); they are left out.`,
      )
    const devKnown = data.dev.length > 0 && data.dev.every((row) => placeOf(row) !== null)
    if (data.dev.length > 0 && !devKnown)
      context.note('Not every development document is predicted; only the test documents are taken.')
    return {
      decision: { decision: 'most-probable' },
      testOnly: !devKnown,
      epochs: null,
      predict: (_documents, chosen) => Promise.resolve({ posterior: null, coordinates: placesOf(file, chosen) }),
      explain: () => Promise.resolve(noExplanation),
      save: (directory) =>
        writeFile(join(directory, 'model.json'), `${JSON.stringify({ format: 'isogloss-imported' })}\n`),
    }

    function placesOf(path: string, rows: Int32Array) {
      const missing = Array.from(rows).filter((row) => placeOf(row) === null)
      if (missing.length > 0) {
        const names = missing.map((row) => (guesses.key === 'row' ? `row ${row}` : authors[row]! || `row ${row}`))
        throw new EngineError(
          'predictions/missing',
          `${path} has no prediction of ${missing.length} of ${rows.length} documents (${named(names)}). Every test document needs one: add them, and import the file again.`,
          { path, missing },
        )
      }
      return {
        lat: Float64Array.from(rows, (row) => placeOf(row)!.lat),
        lon: Float64Array.from(rows, (row) => placeOf(row)!.lon),
      }
    }
  },

  estimateMs: () => 1000,
  resources: () => ({ diskBytes: 0, memoryBytes: 0 }),
}

async function authorsOf({ documents }: TrainingData): Promise<string[]> {
  if (documents.input !== 'none') throw new Error(`No documents were expected, found ${documents.input}.`)
  return documents.authors()
}

/**
 * Which place each document gets, and which predictions are of none.
 * @param authors of each row of the corpus; empty where it has none
 */
export function matchGuesses({ key, places }: Guesses, authors: string[]) {
  const known = key === 'id' ? new Set(authors) : null
  const isKnown = (name: string) =>
    known ? name !== '' && known.has(name) : /^\d+$/.test(name) && Number(name) < authors.length
  return {
    placeOf: (row: number) => places.get(key === 'row' ? String(row) : authors[row]!) ?? null,
    unknown: [...places.keys()].filter((name) => !isKnown(name)),
  }
}

/** The first names of a list, as many as a sentence bears. */
const named = (names: string[]) => `${names.slice(0, 5).join(', ')}${names.length > 5 ? ', ...' : ''}`
