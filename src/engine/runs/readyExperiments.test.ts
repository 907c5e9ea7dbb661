import { readdir } from 'node:fs/promises'
import { describe, expect, it } from 'vitest'
import { conditionKey, plainKey } from '#pure/conditionKey.ts'
import { runMatrix } from '#pure/runMatrix.ts'
import type { PreprocessVariant } from '#protocol/experiment.ts'
import { parseExperiment, readExperimentFile } from './experimentFile.ts'

const folder = 'experiments'

describe('the ready experiments', () => {
  it.each([
    ['bcms.yaml', true],
    ['ch.yaml', true],
    ['geotext-text-only.yaml', false],
    ['geotext.yaml', false],
  ])('%s is read, and differs in nothing but the decision between its linear models', async (file, withNetwork) => {
    const experiment = await readExperimentFile(`${folder}/${file}`)
    expect(`${experiment.name}.yaml`).toBe(file)
    expect(runMatrix(experiment).map(conditionKey)).toEqual([
      'kd/ngram-mean',
      'kd/ngram-median',
      ...(withNetwork ? ['kd/mtl'] : []),
    ])
    const { 'ngram-mean': mean, 'ngram-median': median } = experiment.models
    expect({ ...mean, decision: 'median' }).toEqual(median)
  })

  it.each([
    ['rahimi-2017b', 'rahimi-2017b.yaml'],
    ['han-2014', 'han-2014.yaml'],
  ])('the preset %s is what its file writes out', async (preset, file) => {
    const {
      corpus: _corpus,
      evaluation: _evaluation,
      name: _name,
      ...written
    } = await readExperimentFile(`${folder}/${file}`)
    expect(parseExperiment(`{name: x, preset: ${preset}, corpus: {train: a.txt}}`, '/')).toMatchObject(written)
  })

  it('the preset paper is the four conditions of the file of TWITTER-US, and a section of the file goes before it', async () => {
    const { models, labels, embeddings, preprocess } = await readExperimentFile(`${folder}/twitter-us.yaml`)
    const paper = parseExperiment('{name: x, preset: paper, corpus: {train: a.txt}}', '/')
    expect(paper.labels).toEqual(labels)
    expect(paper.embeddings).toEqual(embeddings)
    expect(paper.models).toEqual({ stl: models['stl'], mtl: models['mtl'] })
    expect({ name: 'all', ...paper.preprocess }).toEqual((preprocess as PreprocessVariant[])[0])
    const own = parseExperiment('{name: x, preset: paper, corpus: {train: a.txt}, labels: {kd: {bucket: 50}}}', '/')
    expect(own.labels).toEqual({ kd: { method: 'kd-tree', bucket: 50, assign: 'cell' } })
    expect(own.models).toEqual(paper.models)
    expect(() => parseExperiment('{name: x, preset: papers, corpus: {train: a.txt}}', '/')).toThrow(
      /preset.*papers.*paper/,
    )
  })

  it('are all named after their files', async () => {
    for (const file of await readdir(folder))
      expect(`${(await readExperimentFile(`${folder}/${file}`)).name}.yaml`).toBe(file)
  })

  it('has the eight conditions of the paper, three times, with mentions and without, on both of its corpora', async () => {
    for (const file of ['twitter-us.yaml', 'twitter-world.yaml']) {
      const runs = runMatrix(await readExperimentFile(`${folder}/${file}`))
      const networks = runs.filter(({ model }) => model !== 'han-2014')
      expect(new Set(networks.map(plainKey)).size).toBe(8)
      for (const variant of ['all', 'no-mentions'])
        expect(networks.filter(({ preprocess }) => preprocess === variant)).toHaveLength(24)
    }
  })
})
