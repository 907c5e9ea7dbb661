import { describe, expect, it } from 'vitest'
import { quietContext } from '#engine/context.ts'
import { seededRandom } from '#engine/random.ts'
import { rankUnits } from './rankUnits.ts'
import { tailOfDraws } from './tailOfDraws.ts'
import { weightedChiSquareTail } from './weightedChiSquare.ts'
import type { UnitUsers } from './unitUsers.ts'

/** 600 informants at 200 sites; `use` says with which probability informant i uses word w. */
function corpusOf(
  wordCount: number,
  seed: number,
  use: (word: number, informant: { lat: number; lon: number; logLength: number }) => number,
  logLengthAt: (lon: number, noise: number) => number = (_, noise) => 5 + noise,
) {
  const random = seededRandom(seed)
  const sites = 200
  const lat = Float64Array.from({ length: sites }, () => 40 + 10 * random.next())
  const lon = Float64Array.from({ length: sites }, () => 15 * random.next())
  const siteOf = Int32Array.from({ length: 600 }, (_, i) => i % sites).sort()
  const lengths = Float64Array.from(
    siteOf,
    (site) => Math.round(Math.exp(logLengthAt(lon[site]!, random.normal()))) + 5,
  )
  const lists = Array.from({ length: wordCount }, (_, word) =>
    Array.from(siteOf.keys()).filter((i) => {
      const site = siteOf[i]!
      return random.next() < use(word, { lat: lat[site]!, lon: lon[site]!, logLength: Math.log(lengths[i]!) })
    }),
  ).filter((list) => list.length >= 10)
  const starts = [0]
  for (const list of lists) starts.push(starts.at(-1)! + list.length)
  const used: UnitUsers = {
    names: lists.map((_, word) => `w${word}`),
    starts: Float64Array.from(starts),
    informants: Int32Array.from(lists.flat()),
    lengths,
  }
  return { corpus: { sites: { lat, lon }, siteOf, isSurvey: false }, used }
}

/** The share of words with p under some levels. */
async function shares({ corpus, used }: ReturnType<typeof corpusOf>) {
  const { units } = await rankUnits(corpus, used, { maxQ: 1, top: 0, seed: 1 }, quietContext)
  const under = (level: number) => units.filter(({ p }) => p < level).length / units.length
  return { at05: under(0.05), at50: under(0.5), listed: units.filter(({ q }) => q <= 0.1).length / units.length }
}
/** Each word at a level of its own: 20 to 60 users. */
const level = (word: number) => -3.3 + 1.1 * ((word % 50) / 50)
const logistic = (x: number) => 1 / (1 + Math.exp(-x))

describe('rankUnits', () => {
  it('has uniform p where place does nothing', async () => {
    const { at05, at50, listed } = await shares(corpusOf(300, 1, (word) => logistic(level(word))))
    // Three standard deviations of 300 words about .05.
    expect(at05).toBeGreaterThan(0.012)
    expect(at05).toBeLessThan(0.088)
    expect(at50).toBeGreaterThan(0.42)
    expect(at50).toBeLessThan(0.58)
    expect(listed).toBeLessThan(0.02)
  }, 120_000)

  it('has uniform p of words that most people use, whatever their lengths', async () => {
    const { at05, at50 } = await shares(
      corpusOf(240, 5, (word, { logLength }) => logistic(3 * ((word % 40) / 40) + 1.5 * (logLength - 5))),
    )
    expect(at05).toBeGreaterThan(0.015)
    expect(at05).toBeLessThan(0.09)
    expect(at50).toBeGreaterThan(0.4)
    expect(at50).toBeLessThan(0.6)
  }, 120_000)

  it('is not fooled where those who write more live together', async () => {
    const { at05, listed } = await shares(
      corpusOf(
        300,
        2,
        (word, { logLength }) => logistic(level(word) + 0.5 * (logLength - 5)),
        (lon, noise) => 5 + 0.07 * (lon - 7.5) + noise,
      ),
    )
    expect(at05).toBeLessThan(0.09)
    expect(listed).toBeLessThan(0.02)
  }, 120_000)

  it('finds words that are at home somewhere, and where', async () => {
    const planted = (word: number) => word < 30
    const { corpus, used } = corpusOf(300, 3, (word, { lat, lon }) => {
      const isHome = lat > 46 && lon < 5
      return planted(word) ? (isHome ? 0.6 : 0.03) : logistic(level(word))
    })
    const { tested, units } = await rankUnits(corpus, used, { maxQ: 0.1, top: 0, seed: 1 }, quietContext)
    expect(tested).toBeGreaterThan(250)
    const found = units.filter(({ name }) => planted(Number(name.slice(1))))
    expect(found).toHaveLength(30)
    expect(units.length - found.length).toBeLessThanOrEqual(6)
    // The greatest effects come first.
    expect(units.slice(0, 25).every(({ name }) => planted(Number(name.slice(1))))).toBe(true)
    for (const { home, pSites, fewSites } of found) {
      expect(home.lat).toBeGreaterThan(45)
      expect(home.lon).toBeLessThan(6)
      expect(home.ratio.value).toBeGreaterThan(3)
      expect(home.ratio.interval[0]).toBeLessThan(home.ratio.value)
      expect(pSites).toBeLessThan(0.02)
      expect(fewSites).toBe(false)
    }
  }, 120_000)
})

describe('the tails of null distributions', () => {
  it('of weighted chi-squares are those of one and of equal weights', () => {
    // P(chi^2_1 > 3.8415) and P(chi^2_10 > 18.307) are .05, P(chi^2_10 > 35.564) is .0001.
    expect(weightedChiSquareTail(Float64Array.of(2), 2 * 3.8415)).toBeCloseTo(0.05, 2)
    const ten = new Float64Array(10).fill(3)
    expect(weightedChiSquareTail(ten, 3 * 18.307)).toBeCloseTo(0.05, 3)
    expect(weightedChiSquareTail(ten, 3 * 35.564) / 1e-4).toBeCloseTo(1, 1)
    expect(weightedChiSquareTail(ten, 30)).toBeCloseTo(0.44, 2)
  })

  it('of draws go on beyond the greatest of them', () => {
    const random = seededRandom(7)
    const exponential = tailOfDraws(Float64Array.from({ length: 20_000 }, () => -Math.log(1 - random.next())))
    for (const value of [1, 3, 8, 12]) expect(exponential.p(value) / Math.exp(-value)).toBeGreaterThan(0.4)
    for (const value of [1, 3, 8, 12]) expect(exponential.p(value) / Math.exp(-value)).toBeLessThan(2.5)
  })
})
