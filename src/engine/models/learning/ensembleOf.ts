import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { DecisionSettings } from '#protocol/models/description.ts'
import type { EnsemblePart, TrainedModel } from '#engine/models/method.ts'
import { averagePosteriors, averageShares } from './averagePosteriors.ts'
import { noExplanation } from './noExplanation.ts'

/** A model that says the average of what its parts say; documents come as each of them reads them. */
export function ensembleOf(decision: DecisionSettings, parts: EnsemblePart[]): TrainedModel {
  return {
    decision,
    prior: averageShares(parts.map(({ prior }) => prior)),
    epochs: null,
    async predict(documents, chosen, context) {
      if (documents.input !== 'parts') throw new Error(`Documents of parts were expected, found ${documents.input}.`)
      const posteriors = []
      for (const [i, { model }] of parts.entries()) {
        const { posterior } = await model.predict(documents.parts[i]!, chosen, context)
        posteriors.push(posterior!)
      }
      return { posterior: averagePosteriors(posteriors), coordinates: null }
    },
    explain: () => Promise.resolve(noExplanation),
    save: (directory) =>
      writeFile(join(directory, 'model.json'), `${JSON.stringify({ format: 'isogloss-ensemble' })}\n`),
  }
}
