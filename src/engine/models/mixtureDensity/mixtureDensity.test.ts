import { mkdtemp, rm, truncate } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { mixtureDensitySettings } from '#protocol/models/mixtureDensity.ts'
import { haversineKm } from '#pure/greatCircle.ts'
import { quietContext } from '#engine/context.ts'
import type { TrainingData } from '#engine/models/method.ts'
import { seededRandom } from '#engine/random.ts'
import { gaussiansOf, valuesPerGaussian, type Gaussians } from './gaussians.ts'
import { modeFinder } from './highestMode.ts'
import { mixtureDensity } from './mixtureDensity.ts'
import { MixtureNetwork, noGradients, startWeights, type MixtureWeights } from './mixtureNetwork.ts'

/** The density of a Gaussian by its covariance matrix, in double precision, as a textbook has it. */
function plainDensity({ means, spreads, correlations }: Gaussians, k: number, x: number, y: number): number {
  const [sx, sy] = [spreads[2 * k]!, spreads[2 * k + 1]!]
  const [a, b, d] = [sx * sx, correlations[k]! * sx * sy, sy * sy]
  const determinant = a * d - b * b
  const [u, v] = [x - means[2 * k]!, y - means[2 * k + 1]!]
  return Math.exp(-(d * u * u - 2 * b * u * v + a * v * v) / (2 * determinant)) / (2 * Math.PI * Math.sqrt(determinant))
}

const shape = { columns: 6, hidden: 4, components: 3 }
const leastSpread = 0.2
const random = seededRandom(4)
const gaussianValues = () =>
  Float32Array.from({ length: shape.components * valuesPerGaussian }, () => 1.5 * random.normal())
const dense = Array.from({ length: 5 }, () => Array.from({ length: shape.columns }, () => Math.fround(random.next())))
const keep = Float32Array.from({ length: 5 * shape.columns }, () => (random.next() < 0.3 ? 0 : 1.5))
const places = Float64Array.from({ length: 10 }, () => 2 * random.normal())
const rows = {
  starts: Float64Array.from({ length: 6 }, (_, i) => i * shape.columns),
  columns: Int32Array.from({ length: 30 }, (_, i) => i % shape.columns),
  values: Float32Array.from(dense.flat()),
}

type Plain = { [Part in keyof MixtureWeights]: number[] }

/** Mean negative log-likelihood of the rows, loop by loop. */
function plainLoss({ input, inputBias, output, outputBias, gaussians }: Plain): number {
  const found = gaussiansOf(gaussians, leastSpread)
  let loss = 0
  dense.forEach((row, n) => {
    const hidden = inputBias.map((bias, h) =>
      Math.tanh(
        row.reduce((sum, value, c) => sum + value * keep[n * shape.columns + c]! * input[c * shape.hidden + h]!, bias),
      ),
    )
    const scores = outputBias.map((bias, k) =>
      Math.exp(hidden.reduce((sum, value, h) => sum + value * output[h * shape.components + k]!, bias)),
    )
    const norm = scores.reduce((a, b) => a + b)
    const density = scores.reduce(
      (sum, score, k) => sum + (score / norm) * plainDensity(found, k, places[2 * n]!, places[2 * n + 1]!),
      0,
    )
    loss -= Math.log(density) / dense.length
  })
  return loss
}

describe('MixtureNetwork', () => {
  const weights = startWeights(shape, gaussianValues(), Float64Array.of(0.2, 0.5, 0.3), random)
  const plain = Object.fromEntries(
    Object.entries(weights).map(([part, values]) => [part, Array.from(values as Float32Array)]),
  ) as Plain
  const network = new MixtureNetwork(shape, weights, leastSpread)
  const gradients = noGradients(shape)
  const loss = network.addGradients({ rows, chosen: [0, 1, 2, 3, 4], keep }, places, gradients)

  it('has the likelihood of a plain twin in double precision', () => {
    expect(loss / 5).toBeCloseTo(plainLoss(plain), 9)
  })

  it('has the gradients of the twin, by finite differences, in every part', () => {
    for (const part of Object.keys(plain) as (keyof Plain)[]) {
      const values = plain[part]
      let largest = 0
      values.forEach((held, i) => {
        const at = (by: number) => plainLoss({ ...plain, [part]: values.with(i, held + by) })
        const slope = (at(1e-5) - at(-1e-5)) / 2e-5
        expect(Math.abs(gradients[part][i]! - slope), `${part} ${i}`).toBeLessThan(1e-5)
        largest = Math.max(largest, Math.abs(slope))
      })
      expect(largest, part).toBeGreaterThan(1e-3)
    }
  })
})

it('finds the highest mode of a mixture, which need be no mean', () => {
  for (let round = 0; round < 20; round++) {
    const found = gaussiansOf(
      Float32Array.from({ length: 4 * valuesPerGaussian }, (_, i) => (i % 5 < 2 ? 1.5 : 0.5) * random.normal()),
      leastSpread,
    )
    const weights = Float64Array.from({ length: 4 }, () => random.next())
    const density = (x: number, y: number) =>
      weights.reduce((sum, weight, k) => sum + weight * plainDensity(found, k, x, y), 0)
    let highest = 0
    for (let x = -6; x <= 6; x += 0.05) for (let y = -6; y <= 6; y += 0.05) highest = Math.max(highest, density(x, y))
    const mode = modeFinder(found)(weights)
    expect(density(...mode)).toBeGreaterThan(highest * (1 - 1e-9))
  }
})

/** Words 0-9 are said round one place, 10-19 round another, 20-29 at both. */
const [vocabulary, documentCount, trainCount] = [30, 600, 400]
function corpus(): TrainingData {
  const kinds = Array.from({ length: documentCount }, (_, i) => i % 3)
  const ids = kinds.flatMap((kind) => Array.from({ length: 6 }, () => 10 * kind + random.below(10)))
  const north = kinds.map((kind) => (kind === 2 ? (random.next() < 0.8 ? 1 : 0) : kind))
  const numbers = Int32Array.from(kinds.keys())
  return {
    documents: {
      input: 'words',
      words: { ids: Int32Array.from(ids), offsets: Float64Array.from({ length: documentCount + 1 }, (_, i) => 6 * i) },
    },
    tokenisation: 'text',
    vocabularySize: vocabulary,
    train: numbers.subarray(0, trainCount),
    dev: numbers.subarray(trainCount, 500),
    points: {
      lat: Float64Array.from(north, (there) => 45 + 5 * there + 0.4 * random.normal()),
      // East of one and west of the other the antimeridian lies.
      lon: Float64Array.from(north, (there) => (there ? -179.5 : 178) + 0.3 * random.normal()),
    },
    labels: null,
    vectors: null,
  }
}
const data = corpus()
const test = Int32Array.from({ length: 100 }, (_, i) => 500 + i)
const fit = (settings: object = {}) =>
  mixtureDensity.train(
    mixtureDensitySettings.parse({
      method: 'mixture-density',
      components: 6,
      hidden: 12,
      epochs: 30,
      patience: 30,
      learningRate: 0.01,
      ...settings,
    }),
    data,
    { seed: 2, checkpoint: '/nowhere', context: quietContext, onEpoch: () => undefined, nowMs: () => 0 },
  )

describe('mixture-density', { timeout: 60_000 }, () => {
  it('answers with the highest mode of a density that knows where words are said', async () => {
    const model = await fit()
    const { posterior, coordinates } = await model.predict(data.documents, test, quietContext)
    expect(posterior).toBeNull()
    const densities = await model.density!(data.documents, test, quietContext)
    for (const [i, document] of test.entries()) {
      const kind = document % 3
      const answer = haversineKm(coordinates!.lat[i]!, coordinates!.lon[i]!, kind ? 50 : 45, kind ? -179.5 : 178)
      expect(answer, `kind ${kind}`).toBeLessThan(100)
      const mixture = densities[i]!
      expect(mixture.reduce((sum, { weight }) => sum + weight, 0)).toBeCloseTo(1, 9)
      const north = mixture.reduce((sum, { weight, lat }) => sum + (lat > 47.5 ? weight : 0), 0)
      const [low, high] = [
        [0, 0.1],
        [0.9, 1],
        [0.6, 0.97],
      ][kind] as [number, number]
      expect(north).toBeGreaterThanOrEqual(low)
      expect(north).toBeLessThanOrEqual(high)
      for (const { latDeviation, correlation } of mixture) {
        expect(latDeviation).toBeGreaterThan(5 / 112)
        expect(Math.abs(correlation)).toBeLessThan(1)
      }
    }
    const losses = model.epochs!.map(({ devLoss }) => devLoss)
    expect(Math.min(...losses)).toBeLessThan(losses[0]! - 0.2)
    expect(model.epochs!.at(-1)).toMatchObject({ devAccuracy: null, coordinateLoss: null })
  })

  it('tells what each word does to the density of the place', async () => {
    const model = await fit({ dropout: 0 })
    const words = { words: 3, ids: Int32Array.of(1, 2, 25), spans: Uint32Array.of(0, 1, 2, 3, 4, 5) }
    const { occlusion } = await model.explain({ text: 'a b c', words }, null, quietContext)
    expect(occlusion!.map(({ start, end }) => [start, end])).toEqual([
      [0, 1],
      [2, 3],
      [4, 5],
    ])
    // The answer is the south, for which its own words speak.
    expect(occlusion![0]!.change).toBeLessThan(0)
    expect(occlusion![1]!.change).toBeLessThan(0)
    expect(occlusion![2]!.change).toBeGreaterThan(0)
  })

  it('is one for a seed, is what it was when it is read again, and refuses files of another size', async () => {
    const model = await fit({ epochs: 2 })
    const said = async (of: typeof model) => of.predict(data.documents, test, quietContext)
    expect(await said(await fit({ epochs: 2 }))).toEqual(await said(model))
    const directory = await mkdtemp(join(tmpdir(), 'isogloss-'))
    await model.save(directory)
    const noVectors = () => Promise.reject(new Error('It has no vectors.'))
    const load = (words: number) => mixtureDensity.load!(directory, { vocabulary: words, labels: 0 }, noVectors)
    expect(await said(await load(vocabulary))).toEqual(await said(model))
    await expect(load(vocabulary + 1)).rejects.toMatchObject({ code: 'file/damaged' })
    await truncate(join(directory, 'gaussians.npy'), 100)
    await expect(load(vocabulary)).rejects.toMatchObject({ code: 'file/damaged' })
    await rm(directory, { recursive: true })
  })

  it('says where no word is left, and has no more Gaussians than places', async () => {
    await expect(fit({ minDocuments: 1000 })).rejects.toMatchObject({ code: 'training/no-words' })
    const few = { ...data, train: data.train.subarray(0, 3) }
    const settings = mixtureDensitySettings.parse({ method: 'mixture-density', epochs: 1 })
    const task = { seed: 1, checkpoint: '', context: quietContext, onEpoch: () => undefined, nowMs: () => 0 }
    const model = await mixtureDensity.train(settings, few, task)
    const [mixture] = await model.density!(data.documents, test.subarray(0, 1), quietContext)
    expect(mixture).toHaveLength(3)
  })
})
