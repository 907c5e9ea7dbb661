import { expect, test } from 'vitest'
import { experimentFile } from '#protocol/experiment.ts'
import { differingSettings, settingsOfRow } from './comparison/differingSettings.ts'
import { conditionKey } from './conditionKey.ts'
import { runMatrix } from './runMatrix.ts'
import { modelOnVariant, preprocessOf } from './textVariants.ts'

const experiment = experimentFile.parse({
  name: 'x',
  corpus: { train: 'a.txt' },
  preprocess: [
    { name: 'all', minFrequency: 3 },
    { name: 'no-mentions', minFrequency: 3, mentions: 'drop' },
    { name: 'no-places', minFrequency: 3, placeNames: 'mask' },
  ],
  labels: { kd: {} },
  models: {
    nb: { method: 'naive-bayes' },
    ngram: { method: 'ngram-softmax' },
    deaf: { method: 'ngram-softmax', mentions: 'drop' },
    theirs: { method: 'imported', file: 'theirs.csv' },
  },
  matrix: { seeds: [1] },
})

test('conditions multiply by the variants that their models can tell apart', () => {
  expect(runMatrix(experiment).map(conditionKey)).toEqual([
    'kd/nb@all',
    'kd/nb@no-mentions',
    'kd/nb@no-places',
    // It reads the texts themselves, and follows what a variant leaves out of them.
    'kd/ngram@all',
    'kd/ngram@no-mentions',
    'kd/deaf@all',
    'theirs',
  ])
  const chosen = { ...experiment, matrix: { seeds: [1], preprocess: ['no-places', 'no-mentions'], models: ['nb'] } }
  expect(runMatrix(chosen).map(conditionKey)).toEqual(['kd/nb@no-mentions', 'kd/nb@no-places'])
})

test('a variant is how words are read, and what a reader of texts leaves out', () => {
  expect(preprocessOf(experiment, 'no-mentions')).toMatchObject({ mentions: 'drop', minFrequency: 3 })
  expect(preprocessOf(experiment, 'no-mentions')).not.toHaveProperty('name')
  expect(modelOnVariant(experiment, 'ngram', 'no-mentions')).toMatchObject({ mentions: 'drop', hashtags: 'keep' })
  expect(modelOnVariant(experiment, 'ngram', 'all')).toEqual(experiment.models['ngram'])
})

test('rows have those of the differing settings that they depend on', () => {
  const differing = differingSettings([experiment])
  expect(differing).toEqual(['preprocess.mentions', 'preprocess.placeNames'])
  const settings = (model: string, preprocess?: string) =>
    settingsOfRow(experiment, differing, { labels: 'kd', model, preprocess })
  expect(settings('nb', 'no-places')).toEqual({ 'preprocess.mentions': 'keep', 'preprocess.placeNames': 'mask' })
  expect(settings('ngram', 'no-mentions')).toEqual({ 'preprocess.mentions': 'drop' })
  expect(settings('theirs')).toEqual({})
  expect(settings('median-point')).toEqual({})
})
