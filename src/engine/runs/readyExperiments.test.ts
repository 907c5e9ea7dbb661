import { readdir } from 'node:fs/promises'
import { describe, expect, it } from 'vitest'
import { conditionKey, plainKey } from '#pure/conditionKey.ts'
import { runMatrix } from '#pure/runMatrix.ts'
import { readExperimentFile } from './experimentFile.ts'

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
