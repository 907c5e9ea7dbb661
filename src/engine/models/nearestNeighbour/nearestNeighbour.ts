import type { NearestNeighbourSettings } from '#protocol/models/nearestNeighbour.ts'
import type { Contribution } from '#protocol/runs.ts'
import { medianOfSorted } from '#pure/quantiles.ts'
import type { StageContext } from '#engine/context.ts'
import { pointsAt } from '#engine/corpus/corpusFolds.ts'
import type { EncodedText } from '#engine/corpus/vocabulary/vocabulary.ts'
import { fitTfIdf, tfIdfRows } from '#engine/models/learning/tfIdf.ts'
import { wordsOf, type ModelMethod, type TrainedModel } from '#engine/models/method.ts'
import { nearestRows, postingsOf } from './nearestDocument.ts'
import { loadNeighbours, saveNeighbours, type Neighbours } from './neighbourFiles.ts'

/** The place of the training document of greatest cosine between vectors of tf-idf. */
export const nearestNeighbour: ModelMethod<NearestNeighbourSettings> = {
  version: 1,

  async train(settings, { documents, train, points, vocabularySize }, { context }) {
    const words = wordsOf(documents)
    const tfIdf = await fitTfIdf(settings, words, train, vocabularySize, context)
    const rows = await tfIdfRows(tfIdf, words, train, context)
    const places = pointsAt({ points }, train)
    const middle = { lat: medianOfSorted(places.lat.slice().sort()), lon: medianOfSorted(places.lon.slice().sort()) }
    return trainedNeighbours({ settings, tfIdf, rows, places, middle })
  },

  load: async (directory, size) => trainedNeighbours(await loadNeighbours(directory, size)),

  estimateMs: () => 0,
  resources: () => ({ diskBytes: 256 << 20, memoryBytes: 1 << 30 }),
}

function trainedNeighbours(model: Neighbours): TrainedModel {
  const { tfIdf, rows, places, middle } = model
  const postings = postingsOf(rows, tfIdf.idf.length)
  return {
    decision: { decision: 'most-probable' },
    epochs: null,
    async predict(documents, chosen, context) {
      const queries = await tfIdfRows(tfIdf, wordsOf(documents), chosen, context)
      const nearest = await nearestRows(postings, places.lat.length, queries, context)
      const coordinates = {
        lat: Float64Array.from(nearest, (row) => (row < 0 ? middle.lat : places.lat[row]!)),
        lon: Float64Array.from(nearest, (row) => (row < 0 ? middle.lon : places.lon[row]!)),
      }
      return { posterior: null, coordinates }
    },
    async explain({ words }, _label, context) {
      const text = { ids: words!.ids, offsets: Float64Array.of(0, words!.ids.length) }
      const query = await tfIdfRows(tfIdf, text, Int32Array.of(0), context)
      const [row] = await nearestRows(postings, places.lat.length, query, context)
      return { attention: null, occlusion: null, contributions: await contributionsOf(model, words!, row!, context) }
    },
    save: (directory) => saveNeighbours(directory, model),
  }
}

/** What each word adds to the cosine with a training document; a repeated word shares it equally. */
async function contributionsOf(
  { tfIdf, rows }: Neighbours,
  { ids, spans }: EncodedText,
  row: number,
  context: Pick<StageContext, 'signal'>,
): Promise<Contribution[]> {
  const query = await tfIdfRows(tfIdf, { ids, offsets: Float64Array.of(0, ids.length) }, Int32Array.of(0), context)
  const added = new Map<number, number>()
  if (row >= 0) {
    const valueOf = new Map(Array.from(query.columns, (column, i) => [column, query.values[i]!]))
    for (let i = rows.starts[row]!; i < rows.starts[row + 1]!; i++) {
      const column = rows.columns[i]!
      added.set(column, (valueOf.get(column) ?? 0) * rows.values[i]!)
    }
  }
  const times = new Map<number, number>()
  for (const word of ids) times.set(word, (times.get(word) ?? 0) + 1)
  return Array.from(ids, (word, i) => ({
    start: spans[2 * i]!,
    end: spans[2 * i + 1]!,
    value: (added.get(tfIdf.columnOf[word]!) ?? 0) / times.get(word)!,
  }))
}
