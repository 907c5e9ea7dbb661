import { join } from 'node:path'
import { quietContext } from '#engine/context.ts'
import { readNpy, writeNpy } from '#engine/files/npy.ts'
import { kMeans as clusterPoints } from '#engine/labels/kMeans.ts'
import { fitTfIdf, tfIdfRows } from '#engine/models/learning/tfIdf.ts'
import { solveLogistic } from '#engine/models/logisticRegression/solveLogistic.ts'
import { seededRandom } from '#engine/random.ts'
import { best, interleave, worst } from './interleave.ts'
import { drawPoints } from './labelSides.ts'
import type { BenchProgram, Measured } from './program.ts'
import { textClassifiers, textClassifierSides } from './textClassifiers.ts'

/**
 * Logistic regression and k-means against scikit-learn, one thread each, on the same arrays from the disk, and classifiers of
 * texts. Of the first two only the fitting is timed; objective and inertia of both sides stand among the checks.
 */

const plans = {
  small: { documents: 4000, words: 8000, labelCount: 50, points: 30_000, clusters: 128, texts: 3000, rounds: 1 },
  default: {
    documents: 20_000,
    words: 30_000,
    labelCount: 128,
    points: 138_677,
    clusters: 256,
    texts: 12_000,
    rounds: 3,
  },
  full: { documents: 40_000, words: 60_000, labelCount: 256, points: 450_000, clusters: 930, texts: 40_000, rounds: 1 },
}
const meanLength = 30

interface Matrix {
  starts: string
  columns: string
  values: string
  labels: string
  words: number
  labelCount: number
  l2: number
}
interface Fitted {
  seconds: number
  objective: number
}
interface Clustering {
  lat: string
  lon: string
  clusters: number
}
interface Clustered {
  seconds: number
  inertia: number
}

export const classical: BenchProgram = {
  peers: { 'scikit-learn': '1.7.2', numpy: '2.3.5', scipy: '1.16.3' },
  ours: { drawDocuments, drawPoints, logisticRegression, kMeans, ...textClassifierSides },
  async run({ size, directory, ours, peer, say }) {
    const { rounds, points, clusters, texts, ...shape } = plans[size]
    const file = (name: string) => join(directory, `${name}.npy`)
    const files = { starts: file('starts'), columns: file('columns'), values: file('values'), labels: file('labels') }
    const { words } = await ours<{ words: number }>('drawDocuments', { ...shape, ...files })
    const matrix: Matrix = { ...files, words, labelCount: shape.labelCount, l2: 1 }
    const clustering: Clustering = { lat: file('lat'), lon: file('lon'), clusters }
    await ours('drawPoints', {
      ...clustering,
      points,
      seed: 1,
      cityLat: file('cityLat'),
      cityLon: file('cityLon'),
      minPopulation: 15_000,
    })
    const results = await interleave(rounds, {
      logistic: () => ours<Fitted>('logisticRegression', matrix),
      sklearnLogistic: () => peer<Fitted>('logisticSklearn', matrix),
      kMeans: () => ours<Clustered>('kMeans', clustering),
      sklearnKMeans: () => peer<Clustered>('kMeansSklearn', clustering),
    })
    for (const [name, measured] of Object.entries(results) as [string, Measured<{ seconds: number }>[]][])
      say(`${name}: ${measured.map(({ seconds }) => seconds.toFixed(2)).join(', ')} s, ${peak(measured)} MiB`)
    const { logistic, sklearnLogistic, kMeans: own, sklearnKMeans } = results
    const classifiers = await textClassifiers({ directory, ours, peer, say }, { ...shape, documents: texts }, rounds)
    return {
      ratios: {
        logisticRegression: seconds(sklearnLogistic) / seconds(logistic),
        kMeans: seconds(sklearnKMeans) / seconds(own),
        ...classifiers.ratios,
      },
      checks: {
        objective: [logistic[0]!.objective, sklearnLogistic[0]!.objective],
        inertia: [own[0]!.inertia, sklearnKMeans[0]!.inertia],
        kMeansMiB: [peak(own), peak(sklearnKMeans)],
        ...classifiers.checks,
      },
      peakMemoryMiB: { ours: peak(logistic), peer: peak(sklearnLogistic) },
    }
  },
}

const peak = (measured: { peakMemoryMiB: number }[]) => worst(measured, ({ peakMemoryMiB }) => peakMemoryMiB)
const seconds = (measured: { seconds: number }[]) => best(measured, ({ seconds }) => seconds)

/** Words by Zipf's law; every tenth is at home at the document's label. Written as rows of tf-idf. */
async function drawDocuments({
  documents,
  words,
  labelCount,
  ...to
}: Matrix & { documents: number }): Promise<{ words: number }> {
  const random = seededRandom(1)
  const zipf = (count: number) => Math.min(count - 1, Math.floor(Math.exp(random.next() * Math.log(count + 1))) - 1)
  const ids: number[] = []
  const offsets = new Float64Array(documents + 1)
  const labels = new Int32Array(documents)
  for (let document = 0; document < documents; document++) {
    const label = random.below(labelCount)
    labels[document] = label
    for (let i = 1 + random.below(2 * meanLength); i > 0; i--)
      ids.push(random.next() < 0.1 ? (label * 7919 + random.below(200)) % words : zipf(words))
    offsets[document + 1] = ids.length
  }
  const encoded = { ids: Int32Array.from(ids), offsets }
  const all = Int32Array.from(labels.keys())
  const settings = { frequency: 'log', minDocuments: 1, maxShare: 1 } as const
  const tfIdf = await fitTfIdf(settings, encoded, all, words, quietContext)
  const rows = await tfIdfRows(tfIdf, encoded, all, quietContext)
  await writeNpy(to.starts, rows.starts)
  await writeNpy(to.columns, rows.columns)
  await writeNpy(to.values, rows.values)
  await writeNpy(to.labels, labels)
  return { words: tfIdf.idf.length }
}

async function logisticRegression({ words, labelCount, l2, ...from }: Matrix): Promise<Fitted> {
  const starts = (await readNpy(from.starts)).values as Float64Array
  const columns = (await readNpy(from.columns)).values as Int32Array
  const values = (await readNpy(from.values)).values as Float32Array
  const labels = (await readNpy(from.labels)).values as Int32Array
  const started = performance.now()
  const prior = new Float64Array(labelCount)
  for (const label of labels) prior[label]! += 1 / labels.length
  const { weights, biases } = await solveLogistic(
    {
      rows: { starts, columns, values },
      columnCount: words,
      labelCount,
      prior,
      target: (row, into) => void (into.fill(0)[labels[row]!] = 1),
    },
    { l1: 0, l2, epochs: 1000, tolerance: 1e-5 },
    quietContext,
  )
  const seconds = (performance.now() - started) / 1000
  let objective = 0
  for (const weight of weights) objective += (l2 / 2) * weight * weight
  const scores = new Float64Array(labelCount)
  labels.forEach((label, row) => {
    scores.set(biases)
    for (let i = starts[row]!; i < starts[row + 1]!; i++)
      for (let other = 0; other < labelCount; other++)
        scores[other]! += values[i]! * weights[columns[i]! * labelCount + other]!
    objective += Math.log(scores.reduce((sum, score) => sum + Math.exp(score), 0)) - scores[label]!
  })
  return { seconds, objective }
}

async function kMeans({ lat, lon, clusters }: Clustering): Promise<Clustered> {
  const points = {
    lat: (await readNpy(lat)).values as Float64Array,
    lon: (await readNpy(lon)).values as Float64Array,
  }
  const started = performance.now()
  const { inertia } = await clusterPoints(points, { clusters, seed: 1 }, quietContext)
  return { seconds: (performance.now() - started) / 1000, inertia }
}
