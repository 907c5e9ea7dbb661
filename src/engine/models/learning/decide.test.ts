import { describe, expect, it } from 'vitest'
import { loadTensorFlow } from '#engine/compute/tensorflow.ts'
import { haversineKm } from '#pure/greatCircle.ts'
import { seededRandom } from '#engine/random.ts'
import { decideLabels } from './decide.ts'

describe('decideLabels', () => {
  it('takes the label of least expected root distance, as written out', async () => {
    const { tf } = await loadTensorFlow()
    const random = seededRandom(1)
    const labelCount = 7
    const count = 1500
    const centres = {
      lat: Float64Array.from({ length: labelCount }, () => 40 + random.next()),
      lon: Float64Array.from({ length: labelCount }, () => 8 + random.next()),
    }
    const logProbabilities = new Float32Array(count * labelCount)
    for (let i = 0; i < count; i++) {
      const weights = Array.from({ length: labelCount }, () => random.next() ** 4)
      const sum = weights.reduce((a, b) => a + b, 0)
      weights.forEach((weight, label) => (logProbabilities[i * labelCount + label] = Math.log(weight / sum)))
    }
    const before = tf.memory().numTensors
    const decided = decideLabels(tf, { labelCount, logProbabilities }, centres, 'least-risk')
    expect(tf.memory().numTensors).toBe(before)
    decided.forEach((label, i) => {
      const riskOf = (c: number) => {
        let risk = 0
        for (let l = 0; l < labelCount; l++) {
          risk +=
            Math.exp(logProbabilities[i * labelCount + l]!) *
            Math.sqrt(haversineKm(centres.lat[c]!, centres.lon[c]!, centres.lat[l]!, centres.lon[l]!))
        }
        return risk
      }
      for (let c = 0; c < labelCount; c++) expect(riskOf(label)).toBeLessThanOrEqual(riskOf(c) + 1e-3)
    })
  })

  it('takes the middle of three where two extremes are as probable, and the paper’s choice where asked', async () => {
    const { tf } = await loadTensorFlow()
    const predictions = {
      labelCount: 3,
      logProbabilities: Float32Array.from([0.34, 0.33, 0.33].map(Math.log)),
      coordinates: null,
      weights: [],
    }
    const centres = { lat: Float64Array.of(40, 41, 42), lon: Float64Array.of(8, 8, 8) }
    expect(decideLabels(tf, predictions, centres, 'least-risk')[0]).toBe(1)
    expect(decideLabels(tf, predictions, centres, 'most-probable')[0]).toBe(0)
  })
})
