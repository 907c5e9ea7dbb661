import { readdir } from 'node:fs/promises'
import { describe, expect, it } from 'vitest'
import { conditionKey } from '#pure/conditionKey.ts'
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

  it('are all named here', async () => {
    expect((await readdir(folder)).sort()).toEqual(['bcms.yaml', 'ch.yaml', 'geotext-text-only.yaml', 'geotext.yaml'])
  })
})
