import { join } from 'node:path'
import { informationGainRatios } from '#engine/corpus/vocabulary/informationGainRatio.ts'
import { readNpy, writeNpy } from '#engine/files/npy.ts'
import { seededRandom } from '#engine/random.ts'
import { best, interleave, worst } from './interleave.ts'
import type { BenchProgram } from './program.ts'

/**
 * Information gain ratio of the words of encoded documents over the labels of these, against scipy's sparse matrices. Both
 * read the same arrays from the disk; answers must be equal to 1e-9.
 */

interface IgrTask {
  ids: string
  offsets: string
  labels: string
  words: number
  labelCount: number
  out: string
}
interface Ranked {
  seconds: number
}

const plans = {
  small: { documents: 20_000, words: 100_000, labelCount: 500, rounds: 1 },
  default: { documents: 100_000, words: 400_000, labelCount: 1600, rounds: 3 },
  full: { documents: 450_000, words: 1_500_000, labelCount: 3000, rounds: 1 },
}
const meanLength = 150

export const igr: BenchProgram = {
  peers: { numpy: '2.4.6', scipy: '1.17.1' },
  ours: { rank },
  async run({ size, directory, ours, peer, say }) {
    const { rounds, ...shape } = plans[size]
    const file = (name: string) => join(directory, `${name}.npy`)
    const input = { ids: file('ids'), offsets: file('offsets'), labels: file('labels') }
    await writeDocuments(shape, input)
    const task = (side: string): IgrTask => ({
      ...input,
      words: shape.words,
      labelCount: shape.labelCount,
      out: file(side),
    })
    const { ours: own, scipy } = await interleave(rounds, {
      ours: () => ours<Ranked>('rank', task('ours')),
      scipy: () => peer<Ranked>('igrScipy', task('scipy')),
    })
    for (const [name, results] of Object.entries({ ours: own, scipy }))
      say(`${name}: ${results.map(({ seconds }) => `${seconds.toFixed(1)} s`).join(', ')}`)
    const [mine, theirs] = [(await readNpy(file('ours'))).values, (await readNpy(file('scipy'))).values]
    let largest = 0
    for (let word = 0; word < shape.words; word++) largest = Math.max(largest, Math.abs(mine[word]! - theirs[word]!))
    return {
      ratios: { igr: best(scipy, ({ seconds }) => seconds) / best(own, ({ seconds }) => seconds) },
      checks: { words: shape.words, labels: shape.labelCount, largestDifference: largest, sameTo1e9: largest < 1e-9 },
      peakMemoryMiB: {
        ours: worst(own, ({ peakMemoryMiB }) => peakMemoryMiB),
        peer: worst(scipy, ({ peakMemoryMiB }) => peakMemoryMiB),
      },
    }
  },
}

/** Words by Zipf's law over the whole vocabulary; every tenth occurrence is of a word that is at home at the label. */
async function writeDocuments(
  { documents, words, labelCount }: { documents: number; words: number; labelCount: number },
  to: { ids: string; offsets: string; labels: string },
) {
  const random = seededRandom(1)
  const ids = new Int32Array(2 * meanLength * documents)
  const offsets = new Float64Array(documents + 1)
  const labels = new Int32Array(documents)
  const zipf = (count: number) => Math.min(count - 1, Math.floor(Math.exp(random.next() * Math.log(count + 1))) - 1)
  let next = 0
  for (let document = 0; document < documents; document++) {
    const label = zipf(labelCount)
    labels[document] = label
    for (let i = random.below(2 * meanLength); i > 0; i--)
      ids[next++] = random.next() < 0.1 ? (label * 7919 + random.below(200)) % words : zipf(words)
    offsets[document + 1] = next
  }
  await writeNpy(to.ids, ids.subarray(0, next))
  await writeNpy(to.offsets, offsets)
  await writeNpy(to.labels, labels)
}

async function rank({
  ids: idsFile,
  offsets: offsetsFile,
  labels: labelsFile,
  words,
  labelCount,
  out,
}: IgrTask): Promise<Ranked> {
  const started = performance.now()
  const ids = (await readNpy(idsFile)).values as Int32Array
  const offsets = Int32Array.from((await readNpy(offsetsFile)).values)
  const labels = (await readNpy(labelsFile)).values as Int32Array
  const labelDocuments = new Float64Array(labelCount)
  for (const label of labels) labelDocuments[label]!++
  const order = Int32Array.from(labels.keys()).sort((a, b) => labels[a]! - labels[b]!)
  const ratios = await informationGainRatios({
    wordCount: words,
    labelDocuments,
    async each(visit) {
      await Promise.resolve()
      for (const document of order) visit(labels[document]!, ids, offsets[document]!, offsets[document + 1]!)
    },
  })
  const seconds = (performance.now() - started) / 1000
  await writeNpy(out, ratios)
  return { seconds }
}
