import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { Comparison } from '#protocol/comparison.ts'
import { openCorpus } from '#engine/corpus/corpusReader.ts'
import { writeNpy } from '#engine/files/npy.ts'
import { isogloss, start } from './commandLine.ts'
import { smallExperiment } from './experiment.ts'

let directory: string
let project: string
const run = (...args: string[]) => isogloss('run', join(directory, 'small.yaml'), '--project', project, ...args)

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'isogloss-vectors-'))
  project = join(directory, 'project')
  const yaml = (await readFile(await smallExperiment(directory), 'utf8'))
    .replace(/^labels: .*$/m, 'labels: {kd: {bucket: 40}}')
    .replace(
      /^models:\n( {2}.*\n)+/m,
      `models:
  own: {method: logistic-regression, features: own.npy, l2: 0.01}
  mlp: {method: mlp, features: own.npy, hidden: 32, epochs: 60, learningRate: 0.01}
`,
    )
  await writeFile(join(directory, 'small.yaml'), yaml)
  // The corpus is imported before its vectors can be made.
  await writeNpy(join(directory, 'own.npy'), new Float32Array(4), [2, 2])
  const refused = await run()
  expect(refused.stderr).toMatch(/model\/features: .*own\.npy has 2 rows of 2 numbers, expected \d+ rows/)
}, 300_000)
afterAll(() => rm(directory, { recursive: true, force: true }))

it('logistic regression and the perceptron learn from vectors of one own, row by row', async () => {
  const [id] = await readdir(join(project, 'corpora'))
  const corpus = await openCorpus(join(project, 'corpora', id!))
  const { lat, lon } = corpus.points
  corpus.close()
  // Vectors that give the place away: who reads them in the right order cannot miss it by much.
  const vectors = Float32Array.from({ length: 3 * lat.length }, (_, i) => {
    const document = Math.floor(i / 3)
    return [(lat[document]! - 40) / 5, (lon[document]! + 95) / 15, 1][i % 3]!
  })
  await writeNpy(join(directory, 'own.npy'), vectors, [lat.length, 3])
  const ran = await run('--json')
  expect(ran.code, ran.stderr).toBe(0)
  const { results } = JSON.parse((await isogloss('compare', '--project', project, '--json')).stdout) as Comparison
  for (const model of ['own', 'mlp']) {
    const row = results.find((one) => one.model === model)!
    expect(row.accuracy, model).toBeGreaterThan(0.6)
  }
  const { runs } = JSON.parse(ran.stdout) as { runs: { id: string }[] }
  const asked = await start(['predict', '--project', project, '--run', runs[0]!.id, '--plain'], 'hello\n')
  expect(asked.stderr).toMatch(/^run\/cannot-predict: .*reads vectors that somebody made/)
}, 300_000)
