import { mkdtemp, rm, truncate } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { nearestNeighbourSettings } from '#protocol/models/nearestNeighbour.ts'
import { quietContext } from '#engine/context.ts'
import type { TrainingData } from '#engine/models/method.ts'
import { seededRandom } from '#engine/random.ts'
import { nearestNeighbour } from './nearestNeighbour.ts'

const [vocabulary, documentCount, trainCount] = [80, 250, 200]
const random = seededRandom(21)
const rows = Array.from({ length: documentCount }, (_, document) =>
  document === documentCount - 1
    ? []
    : Array.from({ length: 1 + random.below(12) }, () => Math.floor(vocabulary * random.next() ** 2)),
)
const offsets = new Float64Array(documentCount + 1)
rows.forEach((row, i) => (offsets[i + 1] = offsets[i]! + row.length))
const words = { ids: Int32Array.from(rows.flat()), offsets }
const numbers = Int32Array.from(rows.keys())
const [train, test] = [numbers.subarray(0, trainCount), numbers.subarray(trainCount)]
const points = {
  lat: Float64Array.from(rows, () => 40 + 10 * random.next()),
  lon: Float64Array.from(rows, () => 10 * random.next()),
}
const documents = { input: 'words', words } as const
const data: TrainingData = {
  documents,
  vocabularySize: vocabulary,
  train,
  dev: new Int32Array(0),
  points,
  labels: null,
  vectors: null,
  tokenisation: 'text',
}
const fit = () =>
  nearestNeighbour.train(nearestNeighbourSettings.parse({ method: 'nearest-neighbour' }), data, {
    seed: null,
    checkpoint: '/nowhere',
    context: quietContext,
    onEpoch: () => undefined,
    nowMs: () => 0,
  })

/** Vectors of tf-idf by the formula, dense. */
const having = Array.from(
  { length: vocabulary },
  (_, word) => rows.slice(0, trainCount).filter((row) => row.includes(word)).length,
)
const vectors = rows.map((row) => {
  const vector = having.map((documents, word) => {
    const times = row.filter((other) => other === word).length
    return times === 0 || documents === 0
      ? 0
      : (1 + Math.log(times)) * (Math.log((1 + trainCount) / (1 + documents)) + 1)
  })
  const length = Math.hypot(...vector)
  return vector.map((value) => value / length)
})

/** The training document of greatest cosine. */
function slowly(document: number): { row: number; cosine: number } {
  let best = { row: -1, cosine: 0 }
  for (let row = 0; row < trainCount; row++) {
    const cosine = vectors[row]!.reduce((sum, value, word) => sum + value * vectors[document]![word]!, 0)
    if (cosine > best.cosine + 1e-7) best = { row, cosine }
  }
  return best
}

let directory: string
beforeAll(async () => (directory = await mkdtemp(join(tmpdir(), 'isogloss-'))))
afterAll(() => rm(directory, { recursive: true }))

it('answers with the place of the training document of greatest cosine, or the median point without a word', async () => {
  const model = await fit()
  const { posterior, coordinates } = await model.predict(documents, test, quietContext)
  expect(posterior).toBeNull()
  for (const [i, document] of test.entries()) {
    const { row, cosine } = slowly(document)
    const ids = words.ids.slice(offsets[document], offsets[document + 1])
    const read = { text: '', words: { words: ids.length, ids, spans: new Uint32Array(2 * ids.length) } }
    const { contributions } = await model.explain(read, null, quietContext)
    expect(contributions!.reduce((sum, { value }) => sum + value, 0)).toBeCloseTo(cosine, 5)
    if (row >= 0) expect([coordinates!.lat[i], coordinates!.lon[i]]).toEqual([points.lat[row], points.lon[row]])
  }
  const middle = points.lat.slice(0, trainCount).sort()
  expect(coordinates!.lat.at(-1)).toBe((middle[trainCount / 2 - 1]! + middle[trainCount / 2]!) / 2)
})

it('is what it was when it is read again, and refuses files of another size', async () => {
  const model = await fit()
  await model.save(directory)
  const noVectors = () => Promise.reject(new Error('It has no vectors.'))
  const again = await nearestNeighbour.load!(directory, { vocabulary, labels: 0 }, noVectors)
  expect(await again.predict(documents, test, quietContext)).toEqual(await model.predict(documents, test, quietContext))
  await expect(
    nearestNeighbour.load!(directory, { vocabulary: vocabulary + 1, labels: 0 }, noVectors),
  ).rejects.toMatchObject({ code: 'file/damaged' })
  await truncate(join(directory, 'values.npy'), 200)
  await expect(nearestNeighbour.load!(directory, { vocabulary, labels: 0 }, noVectors)).rejects.toMatchObject({
    code: 'file/damaged',
  })
})
