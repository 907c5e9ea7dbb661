import { describe, expect, it } from 'vitest'
import { unitVectors } from '#engine/geo/unitVectors.ts'
import { equalAreaGrid } from '../equalAreaGrid.ts'
import { judgeIsogloss, type JudgedIsogloss } from '../testing/judgeIsogloss.ts'
import { plantedField, type PlantedFieldOptions } from '../testing/plantedField.ts'
import { fitField } from './fitField.ts'
import { basisRows, farthestPoints, maternBasis } from './maternBasis.ts'
import { zeroLines } from './zeroLines.ts'

/** The isogloss of a planted field of which a part is supported, and how it lies to the planted line. */
async function planted(options: PlantedFieldOptions): Promise<JudgedIsogloss> {
  const judged = await judgeIsogloss(plantedField(options), { cells: 80, level: 0.9, seed: 1 })
  expect(judged).not.toBeNull()
  return judged!
}

describe('isogloss', () => {
  it('finds a planted line, inside its bands, and says how sharp it is', async () => {
    const { found, pointwise, simultaneous, simultaneousArea, medianKm } = await planted({
      sites: 300,
      informants: 1500,
      siteEffectSd: 0,
      seed: 3,
      line: { widthKm: 20 },
    })
    expect(medianKm).toBeLessThan(25)
    expect(pointwise).toBeGreaterThan(0.6)
    expect(simultaneous).toBeGreaterThan(0.9)
    expect(simultaneousArea).toBeLessThan(0.9)
    expect(found.transition!.atMostKm).toBeGreaterThan(20)
    expect(found.transition!.plateaus[0]).toBeLessThan(0.15)
    expect(found.transition!.plateaus[1]).toBeGreaterThan(0.85)
    expect(found.quality.homogeneity).toBeGreaterThan(0.9)
    expect(found.quality.leakage).toBeLessThan(0.1)
  })

  it('covers as it says, over a dozen planted fields', async () => {
    const rows: JudgedIsogloss[] = []
    for (let seed = 0; seed < 12; seed++) {
      rows.push(
        await planted({
          sites: [60, 150, 300][seed % 3]!,
          informants: [200, 600, 1500][seed % 3]!,
          siteEffectSd: seed % 2 ? 0.6 : 0,
          seed,
          line: {
            form: (['straight', 'curved', 'closed'] as const)[seed % 3],
            widthKm: [5, 40, 100, 150][seed % 4]!,
            plateaus: seed % 2 ? [0.2, 0.8] : [0.01, 0.99],
          },
        }),
      )
    }
    const mean = (pick: (row: (typeof rows)[number]) => number) => rows.reduce((sum, row) => sum + pick(row), 0) / 12
    expect(mean((row) => row.pointwise)).toBeGreaterThan(0.75)
    expect(mean((row) => row.pointwiseArea)).toBeLessThan(0.4)
    expect(rows.filter(({ simultaneous }) => simultaneous === 1).length).toBeGreaterThanOrEqual(9)
    expect(mean((row) => row.simultaneousArea)).toBeLessThan(0.8)
  }, 120_000)
})

describe('fitField', () => {
  it('is the minimum of the penalised likelihood that plain gradient descent finds', () => {
    const { sites } = plantedField({ sites: 25, informants: 120, siteEffectSd: 0.5, seed: 9, line: { widthKm: 100 } })
    const vectors = unitVectors(sites)
    const rows = basisRows(maternBasis(farthestPoints(vectors, 25), 300), vectors)
    const counts = { informants: sites.informants, users: sites.users[0]! }
    const { coefficients, logits } = fitField(rows, counts, { sdField: 1.8, sdSite: 0.9 }, null)
    const width = coefficients.length
    const [beta, u] = [new Float64Array(width), new Float64Array(25)]
    const eta = () => u.map((effect, s) => effect + beta.reduce((sum, b, k) => sum + b * rows[s * width + k]!, 0))
    for (let step = 0; step < 20_000; step++) {
      const gradient = eta().map((value, s) => counts.users[s]! - counts.informants[s]! / (1 + Math.exp(-value)))
      for (let k = 0; k < width; k++) {
        const pull = beta[k]! * (k === 0 ? 0.01 : 1 / 1.8 ** 2)
        beta[k]! += 0.01 * (gradient.reduce((sum, g, s) => sum + g * rows[s * width + k]!, 0) - pull)
      }
      for (let s = 0; s < 25; s++) u[s]! += 0.01 * (gradient[s]! - u[s]! / 0.9 ** 2)
    }
    eta().forEach((value, s) => expect(logits[s]).toBeCloseTo(value, 2))
    beta.forEach((value, k) => expect(coefficients[k]).toBeCloseTo(value, 2))
  })
})

describe('zeroLines', () => {
  const grid = equalAreaGrid(
    { lat: Float64Array.of(40, 40, 44, 44), lon: Float64Array.of(0, 6, 0, 6) },
    { cells: 60, isLand: null },
  )
  const field = (value: (x: number, y: number) => number) =>
    Float64Array.from({ length: grid.columns * grid.rows }, (_, node) =>
      value(
        grid.west + (node % grid.columns) * grid.cellKm,
        grid.south + Math.floor(node / grid.columns) * grid.cellKm,
      ),
    )
  it('joins a circle to one closed line, and cuts it where nothing is known', () => {
    const circle = field((x, y) => 100 - Math.hypot(x, y))
    const [line, ...others] = zeroLines(circle, grid)
    expect(others).toEqual([])
    expect(line!.at(-1)).toEqual(line![0])
    for (const [lon, lat] of line!) expect(Math.hypot(...grid.plane.toPlane(lat, lon))).toBeCloseTo(100, -0.5)
    const half = field((x, y) => (x < 0 ? NaN : 100 - Math.hypot(x, y)))
    const cut = zeroLines(half, grid)
    expect(cut).toHaveLength(1)
    expect(cut[0]!.at(-1)).not.toEqual(cut[0]![0])
  })
})
