import type { LogisticRegressionSettings } from '#protocol/models/logisticRegression.ts'
import type { Contribution } from '#protocol/runs.ts'
import type { StageContext } from '#engine/context.ts'
import type { EncodedText } from '#engine/corpus/vocabulary/vocabulary.ts'
import type { Posterior } from '#engine/models/learning/posterior.ts'
import { documentRows, fitColumns } from '#engine/models/learning/documentRows.ts'
import { targetsAsSet } from '#engine/models/learning/targets.ts'
import { tfIdfRows } from '#engine/models/learning/tfIdf.ts'
import type { ModelDocuments, ModelMethod, TrainedModel } from '#engine/models/method.ts'
import { pause } from '#engine/pause.ts'
import { loadLogistic, saveLogistic, type LogisticModel } from './logisticFiles.ts'
import { solveLogistic } from './solveLogistic.ts'

/** A hundredth of a per mille of the objective. */
const tolerance = 1e-5
/** Rows between two pauses. */
const rowsBetweenPauses = 500

/** Multinomial logistic regression over tf-idf of words; docs/methods.md has the sources. */
export const logisticRegression: ModelMethod<LogisticRegressionSettings> = {
  version: 1,

  async train(settings, { documents, train, points, labels, vocabularySize }, { context }) {
    const { of, centres } = labels!
    const labelled = train.filter((document) => of[document]! >= 0)
    const tfIdf = await fitColumns(settings, documents, labelled, vocabularySize, context)
    const rows = await documentRows(tfIdf, documents, labelled, context)
    const { prior, fill } = await targetsAsSet(settings.targets, { train: labelled, points, of, centres }, context)
    const { weights, biases, epochs } = await solveLogistic(
      {
        rows,
        columnCount: tfIdf.idf.length,
        labelCount: prior.length,
        prior,
        target: (row, into) => fill(labelled[row]!, into),
      },
      { ...settings, tolerance },
      context,
    )
    if (epochs === settings.epochs)
      context.note(
        `Logistic regression ended after ${epochs} epochs, before its minimum; raise \`epochs\` to reach it.`,
      )
    return trainedLogistic({ settings, tfIdf, weights: Float32Array.from(weights), biases, prior })
  },

  load: async (directory, size) => trainedLogistic(await loadLogistic(directory, size)),

  // Seconds to minutes where training a network takes hours.
  estimateMs: () => 0,

  /** Weights of some hundreds of labels: 4 bytes each on the disk, 8 while training. */
  resources: (_settings, { vocabulary }) => ({ diskBytes: 1024 * vocabulary, memoryBytes: 4096 * vocabulary }),
}

function trainedLogistic(model: LogisticModel): TrainedModel {
  return {
    decision: model.settings,
    prior: model.prior,
    epochs: null,
    predict: async (documents, chosen, context) => ({
      posterior: await posteriorOf(model, documents, chosen, context),
      coordinates: null,
    }),
    explain: async ({ words }, label, context) => ({
      attention: null,
      occlusion: null,
      contributions: await contributionsOf(model, words!, label!, context),
    }),
    save: (directory) => saveLogistic(directory, model),
  }
}

/** log P(label | document) of chosen documents. */
async function posteriorOf(
  { tfIdf, weights, biases }: LogisticModel,
  documents: ModelDocuments,
  chosen: Int32Array,
  context: Pick<StageContext, 'signal'>,
): Promise<Posterior> {
  const labelCount = biases.length
  const { starts, columns, values } = await documentRows(tfIdf, documents, chosen, context)
  const logProbabilities = new Float32Array(chosen.length * labelCount)
  const logits = new Float64Array(labelCount)
  for (let row = 0; row < chosen.length; row++) {
    logits.set(biases)
    for (let i = starts[row]!; i < starts[row + 1]!; i++) {
      const [at, value] = [columns[i]! * labelCount, values[i]!]
      for (let label = 0; label < labelCount; label++) logits[label]! += value * weights[at + label]!
    }
    const greatest = logits.reduce((most, logit) => Math.max(most, logit), -Infinity)
    const logNorm = greatest + Math.log(logits.reduce((sum, logit) => sum + Math.exp(logit - greatest), 0))
    for (let label = 0; label < labelCount; label++)
      logProbabilities[row * labelCount + label] = logits[label]! - logNorm
    if (row % rowsBetweenPauses === rowsBetweenPauses - 1) await pause(context)
  }
  return { labelCount, logProbabilities }
}

/** What each word adds to the label's score, less the mean over labels by their shares; a repeated word shares it equally. */
async function contributionsOf(
  { tfIdf, weights, prior }: LogisticModel,
  { ids, spans }: EncodedText,
  label: number,
  context: Pick<StageContext, 'signal'>,
): Promise<Contribution[]> {
  const text = { ids, offsets: Float64Array.of(0, ids.length) }
  const { columns, values } = await tfIdfRows(tfIdf, text, Int32Array.of(0), context)
  const times = new Map<number, number>()
  for (const word of ids) times.set(word, (times.get(word) ?? 0) + 1)
  const valueOf = new Map(Array.from(columns, (column, i) => [column, values[i]!]))
  return Array.from(ids, (word, i) => {
    const column = tfIdf.columnOf[word]!
    const own = weights.subarray(column * prior.length, (column + 1) * prior.length)
    const value =
      column < 0
        ? 0
        : (valueOf.get(column)! * (own[label]! - own.reduce((sum, weight, other) => sum + prior[other]! * weight, 0))) /
          times.get(word)!
    return { start: spans[2 * i]!, end: spans[2 * i + 1]!, value }
  })
}
