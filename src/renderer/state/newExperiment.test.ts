import { describe, expect, it } from 'vitest'
import { experimentFile } from '#protocol/experiment.ts'
import { needsOf } from '#protocol/models/models.ts'
import { firstModels, freeName, sampleSettings } from './newExperiment.ts'

describe('a new experiment', () => {
  it.each([
    ['train.txt.gz', [], 'study'],
    ['Swiss jodel.tsv', [], 'Swiss-jodel'],
    ['train.txt.gz', ['study', 'study-2'], 'study-3'],
    ['_x.csv', [], 'study'],
  ])('from %s beside %j is %s', (file, taken, name) => {
    expect(freeName(file, taken)).toBe(name)
    expect(experimentFile.shape.name.safeParse(name).success).toBe(true)
  })

  it('has models that the engine takes, one of them without word vectors', () => {
    const { models } = experimentFile.parse({ name: 'x', corpus: { train: 'a' }, models: firstModels })
    expect(Object.values(models).map((settings) => needsOf(settings).embedding)).toEqual([false, true, true])
  })

  it('has settings for the sample that the engine takes', () => {
    expect(experimentFile.safeParse({ name: 'x', corpus: { train: 'a' }, ...sampleSettings }).success).toBe(true)
  })
})
