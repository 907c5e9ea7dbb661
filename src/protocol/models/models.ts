import { z } from 'zod'
import { attentionCnn, attentionCnnSettings } from './attentionCnn.ts'
import type { ModelDescription } from './description.ts'
import { ensemble, ensembleSettings } from './ensemble.ts'
import { imported, importedSettings } from './imported.ts'
import { logisticRegression, logisticRegressionSettings } from './logisticRegression.ts'
import { mixtureDensity, mixtureDensitySettings } from './mixtureDensity.ts'
import { mlp, mlpSettings } from './mlp.ts'
import { naiveBayes, naiveBayesSettings } from './naiveBayes.ts'
import { nearestNeighbour, nearestNeighbourSettings } from './nearestNeighbour.ts'
import { ngramSoftmax, ngramSoftmaxSettings } from './ngramSoftmax.ts'

/** The model methods of experiment files; a model that names none is the first. */
export const modelSettings = z.discriminatedUnion('method', [
  attentionCnnSettings,
  naiveBayesSettings,
  ngramSoftmaxSettings,
  logisticRegressionSettings,
  nearestNeighbourSettings,
  mlpSettings,
  mixtureDensitySettings,
  importedSettings,
  ensembleSettings,
])
export type ModelSettings = z.infer<typeof modelSettings>
export type ModelMethodName = ModelSettings['method']

export const modelDescriptions: {
  [Name in ModelMethodName]: ModelDescription<Extract<ModelSettings, { method: Name }>>
} = {
  'attention-cnn': attentionCnn,
  'naive-bayes': naiveBayes,
  'ngram-softmax': ngramSoftmax,
  'logistic-regression': logisticRegression,
  'nearest-neighbour': nearestNeighbour,
  mlp,
  'mixture-density': mixtureDensity,
  imported,
  ensemble,
}

/** What is known of some settings' method; it is asked about these settings alone. */
export const describeModel = (settings: ModelSettings): ModelDescription<ModelSettings> =>
  modelDescriptions[settings.method] as ModelDescription<ModelSettings>

export const needsOf = (settings: ModelSettings) => describeModel(settings).needs(settings)
export const filesOfModel = (settings: ModelSettings) => describeModel(settings).files?.(settings) ?? []
export const dropsOf = (settings: ModelSettings) => describeModel(settings).drops ?? []
export const tasksOf = (settings: ModelSettings) => describeModel(settings).tasks(settings)

export const modelMethodName = z.enum(Object.keys(modelDescriptions) as ModelMethodName[])

/** Settings with their files named otherwise. */
export function withFiles(settings: ModelSettings, name: (file: string) => string): ModelSettings {
  switch (settings.method) {
    case 'imported':
      return { ...settings, file: name(settings.file) }
    case 'logistic-regression':
    case 'mlp':
      return settings.features === undefined ? settings : { ...settings, features: name(settings.features) }
    default:
      return settings
  }
}
