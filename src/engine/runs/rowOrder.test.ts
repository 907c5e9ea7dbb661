import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { corpusSettings, preprocessSettings } from '#protocol/experiment.ts'
import { labelSettings } from '#protocol/labels/labels.ts'
import { quietContext } from '#engine/context.ts'
import { openCorpus } from '#engine/corpus/corpusReader.ts'
import { generateSample } from '#engine/corpus/sample/generateSample.ts'
import { readNpy } from '#engine/files/npy.ts'
import { seededRandom } from '#engine/random.ts'
import { importStage } from '#engine/runs/stages/importStage.ts'
import { labelsStage } from '#engine/runs/stages/labelsStage.ts'
import { vocabularyStage } from '#engine/runs/stages/vocabularyStage.ts'

let directory: string
beforeAll(async () => (directory = await mkdtemp(join(tmpdir(), 'isogloss-order-'))))
afterAll(() => rm(directory, { recursive: true, force: true }))

/** What the stages make of lines: words with counts, and each document's label and words by its text. */
async function made(name: string, lines: string[]) {
  const place = (part: string) => join(directory, name, part)
  for (const part of ['corpus', 'vocabulary', 'kd', 'p2c']) await mkdir(place(part), { recursive: true })
  await writeFile(place('train.txt'), lines.join('\n'))
  await importStage(corpusSettings.parse({ train: place('train.txt'), split: 'none' }), place('corpus'), quietContext)
  await vocabularyStage(
    place('corpus'),
    preprocessSettings.parse({ replacementTokens: 'naive', maxVocabulary: 600 }),
    place('vocabulary'),
    quietContext,
  )
  await labelsStage(
    place('corpus'),
    'kd',
    labelSettings.parse({ method: 'kd-tree', bucket: 40 }),
    place('kd'),
    quietContext,
  )
  await labelsStage(place('corpus'), 'p2c', labelSettings.parse({ method: 'point2city' }), place('p2c'), quietContext)
  const corpus = await openCorpus(place('corpus'))
  const texts: string[] = []
  for await (const piece of corpus.texts()) texts.push(...piece.map((text) => Buffer.from(text).toString()))
  corpus.close()
  const [kd, p2c] = [
    (await readNpy(join(place('kd'), 'documents.npy'))).values,
    (await readNpy(join(place('p2c'), 'documents.npy'))).values,
  ]
  const [tokens, offsets] = [
    (await readNpy(join(place('vocabulary'), 'tokens.npy'))).values,
    (await readNpy(join(place('vocabulary'), 'offsets.npy'))).values,
  ]
  return {
    words: await readFile(join(place('vocabulary'), 'words.tsv'), 'utf8'),
    documents: new Map(
      texts.map((text, row) => [
        text,
        { kd: kd[row], p2c: p2c[row], tokens: Array.from(tokens.subarray(offsets[row], offsets[row + 1])) },
      ]),
    ),
  }
}

describe('the order of rows', () => {
  it('changes neither words nor counts nor labels', async () => {
    const { files } = await generateSample(
      { directory: join(directory, 'sample'), authors: 600, seed: 2 },
      quietContext,
    )
    const lines = gunzipSync(await readFile(files.train))
      .toString()
      .trimEnd()
      .split('\n')
    const order = Int32Array.from(lines.keys())
    seededRandom(4).shuffle(order)
    const [straight, shuffled] = [
      await made('straight', lines),
      await made(
        'shuffled',
        Array.from(order, (i) => lines[i]!),
      ),
    ]
    expect(shuffled.words).toBe(straight.words)
    expect(shuffled.documents).toEqual(straight.documents)
    expect(straight.words).toMatch(/\u27e8/)
  }, 120_000)
})
