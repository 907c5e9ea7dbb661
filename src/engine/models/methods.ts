import type { ModelMethodName, ModelSettings } from '#protocol/models/models.ts'
import { attentionCnn } from './attentionCnn/attentionCnn.ts'
import { ensemble } from './ensemble/ensemble.ts'
import { imported } from './imported/imported.ts'
import { logisticRegression } from './logisticRegression/logisticRegression.ts'
import type { ModelMethod } from './method.ts'
import { mixtureDensity } from './mixtureDensity/mixtureDensity.ts'
import { naiveBayes } from './naiveBayes/naiveBayes.ts'
import { mlp } from './mlp/mlp.ts'
import { nearestNeighbour } from './nearestNeighbour/nearestNeighbour.ts'
import { ngramSoftmax } from './ngramSoftmax/ngramSoftmax.ts'

/** Every model method by the name that it has in an experiment file. */
export const modelMethods: { [Name in ModelMethodName]: ModelMethod<Extract<ModelSettings, { method: Name }>> } = {
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

/** The method of some settings; it is called with these settings alone. */
export const methodOf = (settings: ModelSettings): ModelMethod<ModelSettings> =>
  modelMethods[settings.method] as ModelMethod<ModelSettings>
