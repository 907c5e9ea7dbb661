import { describe, expect, it } from 'vitest'
import { quietContext } from '#engine/context.ts'
import { haversineKm } from '#pure/greatCircle.ts'
import { targetsOf } from './targets.ts'

const centres = { lat: Float64Array.of(46, 47, 48), lon: Float64Array.of(7, 8, 9) }
const points = { lat: Float64Array.of(46.1, 46.2, 47.1, 47.9, -80), lon: Float64Array.of(7, 7.2, 8, 9, -170) }
const of = Int32Array.of(0, 0, 1, 2, 2)
const train = Int32Array.of(0, 1, 2, 3)

describe('targetsOf', () => {
  it('gives each label its documents, the nearer the more', async () => {
    const targets = await targetsOf({ smoothingKm: 60 }, { train, points, of, centres }, quietContext)
    const prior = [0, 0, 0]
    for (const document of train) {
      const filled = new Float64Array(3)
      targets.fill(document, filled)
      const weights = [2, 1, 1].map(
        (count, label) =>
          count *
          Math.exp(
            -haversineKm(points.lat[document]!, points.lon[document]!, centres.lat[label]!, centres.lon[label]!) / 60,
          ),
      )
      const sum = weights.reduce((a, b) => a + b)
      weights.forEach((weight, label) => {
        expect(filled[label]).toBeCloseTo(weight / sum, 9)
        prior[label]! += weight / sum / 4
      })
    }
    prior.forEach((share, label) => expect(targets.prior[label]).toBeCloseTo(share, 9))
  })

  it('knows a place that is far from all labels, and takes a scale from the map', async () => {
    const targets = await targetsOf({ smoothingKm: 'auto' }, { train, points, of, centres }, quietContext)
    // Their median place is 46.65, 7.6; the third farthest of four documents decides.
    const distances = Array.from(train, (i) => haversineKm(points.lat[i]!, points.lon[i]!, 46.65, 7.6)).sort(
      (a, b) => a - b,
    )
    expect(targets.smoothingKm).toBeCloseTo(distances[2]! / 4, 6)
    const filled = new Float64Array(3)
    const sharp = await targetsOf({ smoothingKm: 0.001 }, { train, points, of, centres }, quietContext)
    sharp.fill(4, filled)
    expect(filled.reduce((a, b) => a + b)).toBeCloseTo(1, 12)
  })

  it('is one label where it is hard', async () => {
    const targets = await targetsOf('hard', { train, points, of, centres }, quietContext)
    const filled = new Float64Array(3).fill(7)
    targets.fill(2, filled)
    expect([...filled]).toEqual([0, 1, 0])
    expect([...targets.prior]).toEqual([0.5, 0.25, 0.25])
  })
})
