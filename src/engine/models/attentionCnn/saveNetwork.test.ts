import { mkdtemp, readFile, rm, truncate, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { attentionCnnSettings } from '#protocol/models/attentionCnn.ts'
import type { Matrix } from '#engine/embeddings/vectors.ts'
import { seededRandom } from '#engine/random.ts'
import { listParameters, startParameters } from './parameters.ts'
import { loadNetwork, saveNetwork } from './saveNetwork.ts'

const size = { words: 7, labelCount: 3 }
const scale = { latOffset: 40, latSpan: 5, lonOffset: -80, lonSpan: 10, lonMiddle: null }

let directory: string
beforeEach(async () => (directory = await mkdtemp(join(tmpdir(), 'isogloss-'))))
afterEach(() => rm(directory, { recursive: true, force: true }))

async function saved(changes: object = {}) {
  const settings = attentionCnnSettings.parse({
    method: 'attention-cnn',
    tasks: ['labels', 'coordinates'],
    filters: [4, 4],
    attentionUnits: 2,
    ...changes,
  })
  const parameters = listParameters(settings, { dimensions: 5, labelCount: size.labelCount })
  const vectors: Matrix = { rows: size.words, columns: 5, values: Float32Array.from({ length: 35 }, (_, i) => i) }
  const weights = { settings, parameters, values: startParameters(parameters, seededRandom(1)), vectors }
  await saveNetwork(directory, weights, scale)
  return weights
}

const load = (frozen?: Matrix) =>
  loadNetwork(directory, size, () => (frozen ? Promise.resolve(frozen) : Promise.reject(new Error('not asked for'))))
const refused = (message: string) => ({ code: 'file/damaged', message: expect.stringMatching(message) as string })

describe('loadNetwork', () => {
  it('gives back what was saved', async () => {
    const weights = await saved()
    expect(await load()).toEqual({ weights, scale })
    const frozen = await saved({ fineTune: false })
    expect(await load(frozen.vectors)).toEqual({ weights: frozen, scale })
  })

  it.each<
    [
      string,
      (model: {
        weightsManifest: { weights: { shape: number[] }[] }[]
        userDefinedMetadata: { settings: Record<string, unknown> } & Record<string, unknown>
      }) => void,
      string,
    ]
  >([
    [
      'pools that take gigabytes',
      ({ userDefinedMetadata: { settings } }) => (settings['pools'] = [1e-9, 1]),
      'settings.pools.0',
    ],
    ['large pools', ({ userDefinedMetadata: { settings } }) => (settings['pools'] = [4, 1e9]), 'settings.pools.1'],
    [
      'other filters',
      ({ userDefinedMetadata: { settings } }) => (settings['filters'] = [8000, 8000]),
      'its weights are not those of its settings',
    ],
    [
      'other labels',
      ({ userDefinedMetadata }) => (userDefinedMetadata['labelCount'] = 4),
      'tells 4 labels apart, expected 3',
    ],
    ['other dimensions', ({ userDefinedMetadata }) => (userDefinedMetadata['dimensions'] = 1e9), 'its weights are not'],
    ['no dimensions', ({ userDefinedMetadata }) => (userDefinedMetadata['dimensions'] = 0), 'dimensions'],
    [
      'a negative shape',
      ({ weightsManifest }) => (weightsManifest[0]!.weights[0]!.shape[0] = -1),
      'weightsManifest.0.weights.0.shape.0',
    ],
    ['no scale', ({ userDefinedMetadata }) => (userDefinedMetadata['scale'] = null), 'do not belong together'],
    [
      'a scale without a span',
      ({ userDefinedMetadata }) => (userDefinedMetadata['scale'] = { ...scale, latSpan: 0 }),
      'scale.latSpan',
    ],
  ])('refuses a model with %s', async (_, change, message) => {
    await saved()
    const path = join(directory, 'model.json')
    const model = JSON.parse(await readFile(path, 'utf8')) as Parameters<typeof change>[0]
    change(model)
    await writeFile(path, JSON.stringify(model))
    await expect(load()).rejects.toMatchObject(refused(`model\\.json cannot be used: .*${message}`))
  })

  it('refuses weights that are none, or of another size', async () => {
    const { values } = await saved()
    const path = join(directory, 'weights.bin')
    const bytes = await readFile(path)
    for (const wrong of [NaN, Infinity]) {
      const changed = Buffer.from(bytes)
      changed.writeFloatLE(wrong, 4 * 10)
      await writeFile(path, changed)
      await expect(load()).rejects.toMatchObject(
        refused(`weights\\.bin cannot be used: number 10 of ${values.length + 35} is ${wrong}`),
      )
    }
    await truncate(path, bytes.length - 1)
    await expect(load()).rejects.toMatchObject(refused(`it has ${bytes.length - 1} bytes, expected ${bytes.length}`))
    await truncate(path, 2 ** 40)
    await expect(load()).rejects.toMatchObject(refused(`it has ${2 ** 40} bytes, expected ${bytes.length}`))
  })

  it('refuses frozen vectors of another size', async () => {
    await saved({ fineTune: false })
    await expect(load({ rows: 7, columns: 4, values: new Float32Array(28) })).rejects.toMatchObject(
      refused('of 5 dimensions, its embedding has 4'),
    )
  })
})
