import { dirname } from 'node:path'
import type { StageContext } from '#engine/context.ts'
import { openDuckDb, writeTable } from '#engine/files/duckDb.ts'
import { haversineKm } from '#pure/greatCircle.ts'
import type { Points } from '#engine/geo/points.ts'
import { placeDocuments } from '#engine/models/learning/placeDocuments.ts'
import type { PlaceRule } from '#engine/models/learning/placeRule.ts'
import { mostProbableLabels } from '#engine/models/learning/posterior.ts'
import type { ModelPredictions, TrainingData } from '#engine/models/method.ts'

/** A run's documents and what its model says of them. */
export interface WrittenPredictions {
  /** Rows of the corpus: those of development, then those of test. */
  rows: Int32Array
  devCount: number
  /** Of every row. */
  points: Points
  labels: TrainingData['labels']
  predictions: ModelPredictions
  rule: PlaceRule
}

/** Writes predictions.parquet; what the model does not say (labels, coordinates of its own) is null there. */
export async function writePredictions(
  path: string,
  { rows, devCount, points, labels, predictions, rule }: WrittenPredictions,
  context: Pick<StageContext, 'signal'>,
): Promise<void> {
  const { posterior, coordinates } = predictions
  const probable = posterior && mostProbableLabels(posterior)
  const { guess } = await placeDocuments(predictions, labels?.centres ?? null, rule, context)
  const none = new Array<null>(rows.length).fill(null)
  // Coordinates beside a posterior are a head's of their own; without one they are the guess itself.
  const head = posterior ? coordinates : null
  const db = await openDuckDb({ allowedDirectories: [dirname(path)] })
  try {
    await writeTable(db, path, {
      row: { type: 'INTEGER', values: rows },
      fold: { type: 'VARCHAR', values: Array.from(rows, (_, i) => (i < devCount ? 'dev' : 'test')) },
      lat: { type: 'DOUBLE', values: Float64Array.from(rows, (row) => points.lat[row]!) },
      lon: { type: 'DOUBLE', values: Float64Array.from(rows, (row) => points.lon[row]!) },
      label: { type: 'INTEGER', values: labels ? Int32Array.from(rows, (row) => labels.of[row]!) : none },
      predictedLabel: { type: 'INTEGER', values: probable ?? none },
      probability: {
        type: 'FLOAT',
        values: probable
          ? Float32Array.from(probable, (label, i) =>
              Math.exp(posterior.logProbabilities[i * posterior.labelCount + label]!),
            )
          : none,
      },
      guessLat: { type: 'DOUBLE', values: guess.lat },
      guessLon: { type: 'DOUBLE', values: guess.lon },
      errorKm: {
        type: 'DOUBLE',
        values: Float64Array.from(rows, (row, i) =>
          haversineKm(points.lat[row]!, points.lon[row]!, guess.lat[i]!, guess.lon[i]!),
        ),
      },
      headLat: { type: 'DOUBLE', values: head ? head.lat : none },
      headLon: { type: 'DOUBLE', values: head ? head.lon : none },
    })
  } finally {
    db.close()
  }
}
