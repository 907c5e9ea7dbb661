import type { LabelDecision } from '#protocol/models/description.ts'
import type { Tensor2D, TensorFlow } from '#engine/compute/types.ts'
import { haversineKm } from '#pure/greatCircle.ts'
import type { Points } from '#engine/geo/points.ts'
import { mostProbableLabels, type Posterior } from './posterior.ts'

/** Documents whose risks are computed at once. */
const rowsAtOnce = 1024

/**
 * The label at whose centre each document is placed; ties go to the lower label.
 * - `most-probable`: the label of highest probability, as in the paper.
 * - `least-risk`: the label c of least expected loss, sum over l of p(l) * sqrt(distance of c from l). A probable
 *   label far from all others that are probable is a bad bet; the root keeps far outliers from deciding.
 */
export function decideLabels(
  tf: TensorFlow,
  predictions: Posterior,
  centres: Points,
  decision: LabelDecision,
): Int32Array {
  if (decision === 'most-probable') return mostProbableLabels(predictions)
  const { labelCount, logProbabilities } = predictions
  const count = logProbabilities.length / labelCount
  const decided = new Int32Array(count)
  const riskTable = tf.tensor2d(riskTableOf(centres), [labelCount, labelCount])
  for (let start = 0; start < count; start += rowsAtOnce) {
    const rows = Math.min(rowsAtOnce, count - start)
    const chosen = tf.tidy(() => {
      const logs = tf.tensor2d(logProbabilities.subarray(start * labelCount, (start + rows) * labelCount), [
        rows,
        labelCount,
      ])
      return tf.argMin(tf.matMul(tf.exp(logs) as Tensor2D, riskTable), 1)
    })
    decided.set(chosen.dataSync() as Int32Array, start)
    chosen.dispose()
  }
  riskTable.dispose()
  return decided
}

/** Root of the distance of each label's centre from each other one's, labels x labels. */
export function riskTableOf(centres: Points): Float32Array {
  const labelCount = centres.lat.length
  const risks = new Float32Array(labelCount * labelCount)
  for (let a = 0; a < labelCount; a++) {
    for (let b = 0; b < a; b++) {
      const risk = Math.sqrt(haversineKm(centres.lat[a]!, centres.lon[a]!, centres.lat[b]!, centres.lon[b]!))
      risks[a * labelCount + b] = risk
      risks[b * labelCount + a] = risk
    }
  }
  return risks
}
