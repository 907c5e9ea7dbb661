import { ticks } from 'd3-array'
import type { BundleAnswer, QuestionOf } from '#protocol/explorer.ts'
import { pause } from '#engine/pause.ts'
import { equalAreaGrid, type EqualAreaGrid } from '#engine/regions/equalAreaGrid.ts'
import { areaAtLeast } from '#engine/regions/gridShapes.ts'
import { isogloss } from '#engine/regions/isogloss/isogloss.ts'
import { kernelSurface, leastInformants } from '#engine/regions/kernelSurface.ts'
import { landTest } from '#engine/regions/land.ts'
import type { StageContext } from '#engine/context.ts'
import { clipAreas, clippedBundle } from './clip.ts'
import { countedSites } from './countedSites.ts'
import { geographyOf } from './geography.ts'
import { lineFeature, whyNoLine } from './line.ts'
import { requireUse } from './map.ts'
import type { AskedCorpus, QuestionMethod } from './question.ts'

/** Steps of the expected number that are shown, about. */
const steps = 6

/**
 * Where isoglosses run together: over the questions that show geography, the sum of the shares of draws whose line crosses a cell,
 * which is the expected number of isoglosses there. Nothing is scaled to its own maximum: that would make noise equal to signal.
 */
export const bundle: QuestionMethod<'bundle'> = {
  version: 2,
  areas: clipAreas,

  async answer(question, asked, context): Promise<BundleAnswer> {
    const grid = equalAreaGrid(asked.tokens.places, { cells: question.cells, isLand: await landTest() })
    const expected = new Float64Array(grid.columns * grid.rows)
    const known = new Float64Array(grid.columns * grid.rows)
    const lines: BundleAnswer['lines'] = []
    for (const [i, { variants }] of question.questions.entries()) {
      context.report({ done: i, total: question.questions.length, unit: 'steps', title: 'Draw the lines' })
      await pause(context)
      const found = await lineOf({ ...question, variants }, { ...asked, variable: asked.variables![i]! }, grid, {
        ...context,
        report: () => undefined,
      })
      lines.push({ variants, ...found.told })
      found.crossed?.forEach((share, node) => (expected[node]! += share))
      found.support.forEach((supported, node) => (known[node]! = Math.max(known[node]!, supported)))
    }
    // A cell's number stands at its south-western corner; it is drawn about its middle.
    const half = grid.cellKm / 2
    const middles = { ...grid, west: grid.west + half, south: grid.south + half }
    const shown = expected.map((count, node) => (known[node] ? count : NaN))
    const greatest = expected.reduce((most, count) => Math.max(most, count), 0)
    const answer: BundleAnswer = {
      lines,
      cellKm: grid.cellKm,
      greatest,
      expected: {
        type: 'FeatureCollection',
        features: ticks(0, greatest, steps)
          .filter((count) => count > 0 && count < greatest)
          .map((count) => areaAtLeast(shown, count, middles, { count })),
      },
      support: areaAtLeast(known, 1, grid, {}),
    }
    return asked.areas ? clippedBundle(answer, asked.areas, context) : answer
  },
}

async function lineOf(
  question: Omit<QuestionOf<'bundle'>, 'questions'> & { variants: string[] },
  asked: AskedCorpus,
  grid: EqualAreaGrid,
  context: StageContext,
) {
  const { variants, seed } = question
  const { counted, sites } = await countedSites(question, asked, context)
  requireUse(variants, counted.lat.length, counted.informantCount)
  const { effectiveInformants } = await kernelSurface(
    sites,
    { cells: question.cells, isLand: null, bandwidthKm: null, grid },
    context,
  )
  const support = Uint8Array.from(effectiveInformants, (n, node) => (grid.shown[node] && n >= leastInformants ? 1 : 0))
  const test = await geographyOf(sites, seed, context)
  const reason = whyNoLine(variants, sites, support, test)
  const told = { informants: counted.informantCount, p: test && test.p }
  if (reason !== null) return { told: { ...told, line: null, reason }, crossed: null, support }
  const found = await isogloss(sites, grid, { level: 0.9, at: 0.5, seed, support, countCrossings: true }, context)
  const drawn = found.lines.length > 0
  return {
    told: {
      ...told,
      line: drawn ? lineFeature(found.lines, variants) : null,
      reason: drawn ? null : `The share of ${variants[0]} is nowhere 50 %.`,
    },
    crossed: found.crossed,
    support,
  }
}
