import type { MlpSettings } from '#protocol/models/mlp.ts'
import type { EpochMetrics } from '#protocol/runs.ts'
import { loadTensorFlow } from '#engine/compute/tensorflow.ts'
import type { StageContext } from '#engine/context.ts'
import type { Posterior } from '#engine/models/learning/posterior.ts'
import { documentRows, fitColumns } from '#engine/models/learning/documentRows.ts'
import { occlusion } from '#engine/models/learning/occlusion.ts'
import { targetsAsSet } from '#engine/models/learning/targets.ts'
import { requireColumns } from '#engine/models/learning/tfIdf.ts'
import type { ModelDocuments, ModelMethod, TrainedModel } from '#engine/models/method.ts'
import { loadMlp, saveMlp, type MlpModel } from './mlpFiles.ts'
import { posteriorOfRows, trainMlp } from './trainMlp.ts'

/** One hidden layer over tf-idf of words (Rahimi, Cohn & Baldwin 2017b); docs/methods.md has the choices. */
export const mlp: ModelMethod<MlpSettings> = {
  version: 1,

  async train(settings, { documents, train, dev, points, labels, vocabularySize }, task) {
    const { context } = task
    const { of, centres } = labels!
    const labelled = train.filter((document) => of[document]! >= 0)
    const tfIdf = await fitColumns(settings, documents, labelled, vocabularySize, context)
    requireColumns(tfIdf, settings, labelled.length)
    const targets = await targetsAsSet(settings.targets, { train: labelled, points, of, centres }, context)
    const { tf } = await loadTensorFlow()
    const shape = { columns: tfIdf.idf.length, hidden: settings.hidden, labels: centres.lat.length }
    const input = {
      shape,
      rows: await documentRows(tfIdf, documents, labelled, context),
      train: labelled,
      targets,
      devRows: await documentRows(tfIdf, documents, dev, context),
      dev,
      labels: of,
      points,
      centres,
    }
    const { weights, epochs } = await trainMlp(tf, settings, input, { ...task, seed: task.seed! })
    return { ...trainedMlp({ settings, tfIdf, shape, weights }, epochs), prior: targets.prior }
  },

  load: async (directory, size) => trainedMlp(await loadMlp(directory, size), null),

  estimateMs: () => null,

  /** Weights, Adam's moments, their gradient and the best epoch. */
  resources: ({ hidden }, { vocabulary }) => ({
    diskBytes: 4 * hidden * vocabulary,
    memoryBytes: (512 << 20) + 32 * hidden * vocabulary,
  }),
}

function trainedMlp(model: MlpModel, epochs: EpochMetrics[] | null): TrainedModel {
  const posteriorOf = async (
    documents: ModelDocuments,
    chosen: Int32Array,
    context: Pick<StageContext, 'signal'>,
  ): Promise<Posterior> => {
    const rows = await documentRows(model.tfIdf, documents, chosen, context)
    return posteriorOfRows((await loadTensorFlow()).tf, model.weights, model.shape, rows, context)
  }
  return {
    decision: model.settings,
    epochs,
    predict: async (documents, chosen, context) => ({
      posterior: await posteriorOf(documents, chosen, context),
      coordinates: null,
    }),
    explain: async ({ words }, label, context) => ({
      attention: null,
      occlusion: await occlusion(words!, label!, (encoded, chosen) =>
        posteriorOf({ input: 'words', words: encoded }, chosen, context),
      ),
      contributions: null,
    }),
    save: (directory) => saveMlp(directory, model),
  }
}
