import type { StageContext } from '#engine/context.ts'
import { pointsAt } from '#engine/corpus/corpusFolds.ts'
import type { Corpus } from '#engine/corpus/corpusReader.ts'
import type { CalibratedRun } from '#engine/evaluation/uncertainty/uncertaintyResult.ts'
import type { SaidWithChance } from '#engine/evaluation/uncertainty/conformalRegions.ts'
import { fitTemperature, probabilitiesAt, type Said } from '#engine/evaluation/uncertainty/temperature.ts'
import { uniformOfText } from '#engine/evaluation/uncertainty/uniformOfText.ts'
import type { Points } from '#engine/geo/points.ts'
import { placesOfLabels } from '#engine/models/learning/expectedLoss.ts'
import { placeDocuments } from '#engine/models/learning/placeDocuments.ts'
import type { PlaceRule } from '#engine/models/learning/placeRule.ts'
import type { ModelPredictions, TrainingData } from '#engine/models/method.ts'
import { pause } from '#engine/pause.ts'
import { territoryAreasKm2 } from '#engine/regions/territoryAreas.ts'
import { haversineKm } from '#pure/greatCircle.ts'
import { nearKm } from '#pure/metricRules.ts'

/** A trained run and what it says of documents: those that it chose by, those that calibrate, those of the test, in this order. */
export interface RunToCalibrate {
  corpus: Corpus
  data: TrainingData
  predictions: ModelPredictions
  rule: PlaceRule
  assign(points: Points): Int32Array
  rows: { tuning: Int32Array; calibration: Int32Array; test: Int32Array }
}

/** Fits the temperature to the documents that the run chose by, and gathers what regions are made from. */
export async function calibrateRun(run: RunToCalibrate, context: StageContext): Promise<CalibratedRun> {
  const { corpus, data, predictions, assign, rows } = run
  const posterior = predictions.posterior!
  const { of, centres } = data.labels!
  const { labelCount } = posterior
  const partOf = (start: number, chosen: Int32Array): Said => ({
    labelCount,
    logProbabilities: posterior.logProbabilities.subarray(start * labelCount, (start + chosen.length) * labelCount),
    labels: chosen.map((row) => of[row]!),
  })
  const temperature = fitTemperature(partOf(0, rows.tuning))
  const uniform = await uniformOfRows(corpus, [rows.calibration, rows.test], context)
  const said = (start: number, chosen: Int32Array): SaidWithChance => ({
    ...partOf(start, chosen),
    uniform: Float64Array.from(chosen, (row) => uniform.get(row)!),
  })
  const areasKm2 = await territoryAreasKm2(assign, labelCount, pointsAt(data, data.train), context)
  const testStart = rows.tuning.length + rows.calibration.length
  const test = said(testStart, rows.test)
  const { guess } = await placeDocuments(predictions, centres, run.rule, context)
  const testGuess = { lat: guess.lat.subarray(testStart), lon: guess.lon.subarray(testStart) }
  context.note(
    `Calibrated on ${rows.calibration.length} documents; temperature ${temperature.toFixed(2)} by ${rows.tuning.length} others.`,
  )
  return {
    calibration: { temperature, areasKm2, documents: said(rows.tuning.length, rows.calibration) },
    test,
    within161Km: {
      expected: await nearProbability(test, temperature, testGuess, data, context),
      observed: Uint8Array.from(rows.test, (row, i) =>
        haversineKm(corpus.points.lat[row]!, corpus.points.lon[row]!, testGuess.lat[i]!, testGuess.lon[i]!) < nearKm
          ? 1
          : 0,
      ),
    },
  }
}

/** The probability that a document is within 161 km of its guess: that of each label, by the share of its training places there. */
async function nearProbability(
  test: Said,
  temperature: number,
  guess: Points,
  { train, points, labels }: TrainingData,
  context: Pick<StageContext, 'signal'>,
): Promise<Float64Array> {
  const { starts, documents } = placesOfLabels(train, labels!.of, test.labelCount)
  const sharesAt = new Map<string, Float64Array>()
  const expected = new Float64Array(guess.lat.length)
  for (let i = 0; i < expected.length; i++) {
    const [lat, lon] = [guess.lat[i]!, guess.lon[i]!]
    const key = `${lat} ${lon}`
    let shares = sharesAt.get(key)
    if (!shares) {
      shares = new Float64Array(test.labelCount)
      for (let label = 0; label < shares.length; label++) {
        for (let d = starts[label]!; d < starts[label + 1]!; d++) {
          if (haversineKm(lat, lon, points.lat[documents[d]!]!, points.lon[documents[d]!]!) < nearKm)
            shares[label]! += 1 / (starts[label + 1]! - starts[label]!)
        }
      }
      sharesAt.set(key, shares)
      await pause(context)
    }
    const p = probabilitiesAt(test, i, temperature)
    // A hair above one is rounding.
    expected[i] = Math.min(
      1,
      p.reduce((sum, value, label) => sum + value * shares[label]!, 0),
    )
  }
  return expected
}

/** The uniform number of each row's text; the texts are read once. */
async function uniformOfRows(
  corpus: Corpus,
  parts: Int32Array[],
  context: Pick<StageContext, 'signal'>,
): Promise<Map<number, number>> {
  const wanted = new Set(parts.flatMap((part) => Array.from(part)))
  const uniform = new Map<number, number>()
  let row = 0
  for await (const texts of corpus.texts()) {
    for (const text of texts) {
      if (wanted.has(row)) uniform.set(row, uniformOfText(text))
      row++
    }
    await pause(context)
  }
  return uniform
}
