import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { quietContext } from '#engine/context.ts'
import { haversineKm } from '#pure/greatCircle.ts'
import type { Points } from '#engine/geo/points.ts'
import { seededRandom } from '#engine/random.ts'
import { lossTable, placeByExpectedLoss, placesOfLabels, type ExpectedLoss } from './expectedLoss.ts'
import { loadExpectedLoss, saveExpectedLoss } from './expectedLossFiles.ts'
import { fitExpectedLoss } from './fitExpectedLoss.ts'

const labelCount = 5

/** Documents round five centres, and a posterior that knows more or less where they are. */
function world(count: number, certainty: number) {
  const random = seededRandom(7)
  const centres: Points = { lat: Float64Array.of(46, 47, 46.5, 47.5, 48), lon: Float64Array.of(6, 7, 8, 9, 10) }
  const of = Int32Array.from({ length: count }, () => random.below(labelCount))
  const spread = (centre: number) => centre + 0.2 * random.normal()
  const points: Points = {
    lat: Float64Array.from(of, (label) => spread(centres.lat[label]!)),
    lon: Float64Array.from(of, (label) => spread(centres.lon[label]!)),
  }
  const logProbabilities = new Float32Array(count * labelCount)
  for (let i = 0; i < count; i++) {
    const scores = Array.from(
      { length: labelCount },
      (_, label) => certainty * (random.normal() + (label === of[i] ? 1 : 0)),
    )
    const logSum = Math.log(scores.reduce((sum, score) => sum + Math.exp(score), 0))
    scores.forEach((score, label) => (logProbabilities[i * labelCount + label] = score - logSum))
  }
  return {
    centres,
    of,
    points,
    posterior: { labelCount, logProbabilities },
    prior: new Float64Array(labelCount).fill(1 / labelCount),
  }
}

const numbers = (count: number) => Int32Array.from({ length: count }, (_, i) => i)

describe('placeByExpectedLoss', () => {
  it('takes the candidate of least expected loss, as written out', async () => {
    const { points, posterior, of } = world(200, 1)
    const candidates: Points = { lat: points.lat.slice(0, 40), lon: points.lon.slice(0, 40) }
    const prior = Float64Array.of(0.1, 0.15, 0.2, 0.25, 0.3)
    for (const lossScaleKm of [null, 80]) {
      for (const sharpen of [1, 2.5]) {
        const losses = await lossTable(
          candidates,
          points,
          placesOfLabels(numbers(200), of, labelCount),
          lossScaleKm,
          quietContext,
        )
        const guess = await placeByExpectedLoss(
          posterior,
          { decision: 'mean', lossScaleKm, sharpen, prior, candidates, losses },
          quietContext,
        )
        const own = Array.from({ length: labelCount }, (_, label) =>
          [...of.keys()].filter((document) => of[document] === label).slice(0, 64),
        )
        const lossAt = (c: number, label: number) => {
          const km = own[label]!.map((document) =>
            haversineKm(candidates.lat[c]!, candidates.lon[c]!, points.lat[document]!, points.lon[document]!),
          )
          return (
            km.reduce((sum, one) => sum + (lossScaleKm === null ? one : 1 - Math.exp(-one / lossScaleKm)), 0) /
            km.length
          )
        }
        const written = Array.from({ length: 40 }, (_, c) =>
          Array.from({ length: labelCount }, (_, label) => lossAt(c, label)),
        )
        for (let i = 0; i < 200; i++) {
          const likely = Array.from(
            prior,
            (share, label) =>
              share * (Math.exp(posterior.logProbabilities[i * labelCount + label]!) / share) ** sharpen,
          )
          const risks = written.map((losses) => losses.reduce((sum, loss, label) => sum + loss * likely[label]!, 0))
          const taken = risks.findIndex(
            (_, c) => candidates.lat[c] === guess.lat[i] && candidates.lon[c] === guess.lon[i],
          )
          expect(risks[taken]).toBeLessThanOrEqual(Math.min(...risks) * (1 + 1e-5))
        }
      }
    }
  })

  it('keeps its head where a power leaves nothing but zeros', async () => {
    const candidates: Points = { lat: Float64Array.of(1, 2), lon: Float64Array.of(1, 2) }
    const rule: ExpectedLoss = {
      decision: 'mean',
      lossScaleKm: null,
      sharpen: 25,
      prior: Float64Array.of(0.5, 0.5),
      candidates,
      losses: Float32Array.of(0, 9, 9, 0),
    }
    const guess = await placeByExpectedLoss(
      { labelCount: 2, logProbabilities: Float32Array.of(-900, -800) },
      rule,
      quietContext,
    )
    expect(guess.lat[0]).toBe(2)
  })

  it('is stopped by a cancel', async () => {
    const stop = new AbortController()
    const { posterior, prior } = world(400, 1)
    const candidates: Points = { lat: new Float64Array(100_000), lon: new Float64Array(100_000) }
    const rule: ExpectedLoss = {
      decision: 'mean',
      lossScaleKm: null,
      sharpen: 1,
      prior,
      candidates,
      losses: new Float32Array(500_000),
    }
    setImmediate(() => stop.abort())
    await expect(placeByExpectedLoss(posterior, rule, { signal: stop.signal })).rejects.toThrow(/abort/i)
  })
})

describe('fitExpectedLoss', () => {
  it('raises a posterior that is too modest to a higher power than one that is too certain', async () => {
    const powerOf = async (certainty: number) => {
      const { centres, of, points, posterior, prior } = world(600, certainty)
      const heldOut = { documents: numbers(600), posterior }
      const { fitted, heldOutLoss } = await fitExpectedLoss(
        'mean',
        {},
        { train: numbers(600), points, of, centres, prior },
        heldOut,
        quietContext,
      )
      for (const sharpen of [1, 3, 10]) {
        const set = await fitExpectedLoss(
          'mean',
          { sharpen },
          { train: numbers(600), points, of, centres, prior },
          heldOut,
          quietContext,
        )
        expect(set.fitted.sharpen).toBe(sharpen)
        expect(set.heldOutLoss!).toBeGreaterThanOrEqual(heldOutLoss!)
      }
      return fitted.sharpen
    }
    expect(await powerOf(0.1)).toBeGreaterThan(await powerOf(3))
  })

  it('chooses nothing where nothing was held out, and takes the scale that it is given', async () => {
    const { centres, of, points, prior } = world(50, 1)
    const { fitted, heldOutLoss } = await fitExpectedLoss(
      'median',
      { lossScaleKm: 33 },
      { train: numbers(50), points, of, centres, prior },
      null,
      quietContext,
    )
    expect({ ...fitted, candidates: fitted.candidates.lat.length, losses: fitted.losses.length }).toEqual({
      decision: 'median',
      lossScaleKm: 33,
      sharpen: 1,
      prior,
      candidates: 50,
      losses: 250,
    })
    expect(heldOutLoss).toBeNull()
  })
})

describe('a decision on disk', () => {
  it('is read as it was written, and refused where it is another or damaged', async () => {
    const directory = await mkdtemp(join(tmpdir(), 'isogloss-decision-'))
    try {
      const { centres, of, points, prior } = world(50, 1)
      const { fitted } = await fitExpectedLoss(
        'median',
        {},
        { train: numbers(50), points, of, centres, prior },
        null,
        quietContext,
      )
      await saveExpectedLoss(directory, fitted)
      expect(await loadExpectedLoss(directory, 'median', labelCount)).toEqual(fitted)
      await expect(loadExpectedLoss(directory, 'mean', labelCount)).rejects.toMatchObject({ code: 'file/damaged' })
      await expect(loadExpectedLoss(directory, 'median', labelCount + 1)).rejects.toMatchObject({
        code: 'file/damaged',
      })
      await writeFile(join(directory, 'decision.json'), '{"decision":"median","lossScaleKm":1,"sharpen":0}')
      await expect(loadExpectedLoss(directory, 'median', labelCount)).rejects.toMatchObject({ code: 'file/damaged' })
    } finally {
      await rm(directory, { recursive: true })
    }
  })
})
