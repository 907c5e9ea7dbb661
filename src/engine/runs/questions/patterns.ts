import { range, ticks } from 'd3-array'
import type { QuestionOf } from '#protocol/explorer.ts'
import type { PatternsAnswer, WordRegion } from '#protocol/patterns.ts'
import { EngineError } from '#protocol/errors.ts'
import type { StageContext } from '#engine/context.ts'
import { variantMaps } from '#engine/explorer/common/variantMaps.ts'
import { wordMaps } from '#engine/explorer/common/wordMaps.ts'
import { siteOfInformants } from '#engine/explorer/counting/countVariants.ts'
import { documentFilter } from '#engine/explorer/counting/documentFilter.ts'
import { homeCells, type HomeCells } from '#engine/explorer/ranking/homeCells.ts'
import { rankUnits } from '#engine/explorer/ranking/rankUnits.ts'
import { unitUsers } from '#engine/explorer/ranking/unitUsers.ts'
import { wantedWords, wordKinds } from '#engine/explorer/ranking/wordKinds.ts'
import { unitVectors } from '#engine/geo/unitVectors.ts'
import { equalAreaGrid, type EqualAreaGrid } from '#engine/regions/equalAreaGrid.ts'
import { commonFactors, factorScores, type CommonFactors } from '#engine/regions/factors/commonFactors.ts'
import { factorCount } from '#engine/regions/factors/factorCount.ts'
import { localScores, type CellMap } from '#engine/regions/factors/localScores.ts'
import { standardMaps, type StandardMaps } from '#engine/regions/factors/principalComponents.ts'
import { wardGroups } from '#engine/regions/factors/wardGroups.ts'
import { areaAtLeast } from '#engine/regions/gridShapes.ts'
import { leastInformants } from '#engine/regions/kernelSurface.ts'
import { landTest } from '#engine/regions/land.ts'
import { testBandwidthsKm } from '#engine/regions/testBandwidths.ts'
import { countedSites } from './countedSites.ts'
import { requireUse } from './map.ts'
import type { AskedCorpus, QuestionMethod } from './question.ts'

/** With fewer maps or cells there is nothing that they could have in common. */
const leastMaps = 3
const leastCells = 10
const mostFactors = 20
/** Unless a person says how many are wanted: a large survey has more than anybody looks at. */
const mostShown = 6
const wordsOfRegion = 8
/** A kernel of an eighth of the median distance between informants. */
const medianOverBandwidth = 8
/** Classes of a factor's surface, about. */
const steps = 6

interface Mapped {
  cells: HomeCells
  informants: number
  maps: CellMap[]
  fewSites: number
}

/**
 * From words to regions (Grieve, Speelman and Geeraerts 2011): maps of local scores, what they have in common by principal components
 * and varimax, and groups of places by their scores.
 */
export const patterns: QuestionMethod<'patterns'> = {
  version: 2,

  async answer(question, asked, context): Promise<PatternsAnswer> {
    const mapped = question.questions
      ? await mapsOfVariables({ ...question, questions: question.questions }, asked, context)
      : await mapsOfWords(question, asked, context)
    const { cells, maps } = mapped
    requireEnough(maps.length, cells.informants.length)
    const vectors = unitVectors(cells.places)
    const places = { vectors, informants: cells.informants }
    const bandwidthKm = question.bandwidthKm ?? testBandwidthsKm(vectors, cells.informants)[0]! / medianOverBandwidth
    const everyCell = { vectors, wanted: new Uint8Array(cells.informants.length).fill(1) }
    const { values } = await localScores(maps, places, everyCell, bandwidthKm, context)
    const standard = standardMaps(values, maps.length)
    const most = Math.min(mostFactors, maps.length - 1, cells.informants.length - 1)
    const { count, variances, dealt } = await factorCount(
      maps,
      vectors,
      { bandwidthKm, seed: question.seed, most },
      context,
    )
    const found = commonFactors(standard, Math.min(most, question.factors ?? Math.max(1, Math.min(mostShown, count))))
    const none = question.factors === undefined && count === 0
    const grid = equalAreaGrid(cells.places, { cells: question.cells, isLand: await landTest() })
    const surface = await localScores(maps, places, { vectors: grid.vectors, wanted: grid.shown }, bandwidthKm, context)
    const known = surface.effectiveInformants.map((n, node) => (grid.shown[node] && n >= leastInformants ? n : NaN))
    const drawn = none
      ? { factors: [], regions: [], territories: [], cellScores: new Float64Array(), groupOf: null }
      : shapesOf(question, found, { standard, maps, cells, grid, known, surface: surface.values })
    const factors = none ? 0 : found.factors
    return {
      informants: mapped.informants,
      fewSites: mapped.fewSites,
      bandwidthKm,
      suggested: count,
      variances: Array.from(variances),
      dealt: Array.from(dealt),
      factors: drawn.factors,
      maps: maps.map(({ name }, map) => {
        const loadings = Array.from(found.loadings.subarray(map * found.factors, map * found.factors + factors))
        return { name, loadings, communality: loadings.reduce((sum, loading) => sum + loading ** 2, 0) }
      }),
      cells: {
        type: 'FeatureCollection',
        features: Array.from(cells.informants, (informants, cell) => ({
          type: 'Feature',
          properties: {
            informants,
            scores: Array.from(drawn.cellScores.subarray(cell * factors, (cell + 1) * factors)),
            region: drawn.groupOf ? drawn.groupOf[cell]! : 0,
          },
          geometry: { type: 'Point', coordinates: [cells.places.lon[cell]!, cells.places.lat[cell]!] },
        })),
      },
      regions: drawn.regions,
      territories: { type: 'FeatureCollection', features: drawn.territories },
      support: areaAtLeast(known, leastInformants, grid, {}),
      reason: none
        ? `The ${maps.length} maps have no more in common than with coordinates dealt anew. Say how many factors are wanted to see them all the same.`
        : null,
    }
  },
}

/** @throws EngineError 'explorer/few-maps' */
function requireEnough(maps: number, cells: number): void {
  if (maps >= leastMaps && cells >= leastCells) return
  throw new EngineError(
    'explorer/few-maps',
    `Found ${maps} maps over ${cells} cells of some 30 informants; common patterns need at least ${leastMaps} and ${leastCells}. Take more words (a greater --max-q, a smaller --min-informants) or a larger corpus.`,
    { maps, cells },
  )
}

/** The regional words, those of the greatest effect, without those of a few places. */
async function mapsOfWords(
  { minInformants, maxQ, top, include, where, seed }: QuestionOf<'patterns'>,
  { corpus, tokens }: AskedCorpus,
  context: StageContext,
): Promise<Mapped> {
  const isWanted = wantedWords(await wordKinds(tokens.tokenisation), include)
  const documents = await documentFilter(corpus, tokens, where)
  const used = await unitUsers(tokens, { units: 'words', minInformants, documents, isWanted }, context)
  const siteOf = siteOfInformants(tokens)
  const isSurvey = tokens.tokenisation === 'answers'
  const corpusOf = { sites: tokens.places, siteOf, isSurvey }
  const { units } = await rankUnits(corpusOf, used, { maxQ, top, seed }, context)
  const taken = units.filter(({ fewSites }) => !fewSites)
  const cells = cellsOf(tokens.places, siteOf, (informant) => used.lengths[informant]! > 0)
  const numberOf = new Map(used.names.map((name, unit) => [name, unit]))
  const numbers = taken.map(({ name }) => numberOf.get(name)!)
  const cellOf = siteOf.map((site) => cells.cellOf[site]!)
  return {
    cells,
    informants: used.lengths.reduce((count, length) => count + (length > 0 ? 1 : 0), 0),
    maps: wordMaps(used, numbers, cellOf, cells.informants.length, isSurvey),
    fewSites: units.length - taken.length,
  }
}

async function mapsOfVariables(
  question: QuestionOf<'patterns'> & { questions: { variants: string[] }[] },
  asked: AskedCorpus,
  context: StageContext,
): Promise<Mapped> {
  const { tokens } = asked
  const siteOf = siteOfInformants(tokens)
  const cells = cellsOf(tokens.places, siteOf, () => true)
  const maps: CellMap[] = []
  for (const [i, { variants }] of question.questions.entries()) {
    context.report({ done: i, total: question.questions.length, unit: 'steps', title: 'Count the variables' })
    const one = { variants, where: question.where, measure: 'share' as const }
    const variable = asked.variables![i]!
    const { counted } = await countedSites(one, { ...asked, variable }, { ...context, report: () => undefined })
    requireUse(variants, counted.lat.length, counted.informantCount)
    maps.push(...variantMaps(counted, cells.cellOf, cells.informants.length))
  }
  return { cells, informants: siteOf.length, maps, fewSites: 0 }
}

function cellsOf(
  places: AskedCorpus['tokens']['places'],
  siteOf: Int32Array,
  counts: (informant: number) => boolean,
): HomeCells {
  const atSite = new Float64Array(places.lat.length)
  siteOf.forEach((site, informant) => {
    if (counts(informant)) atSite[site]!++
  })
  return homeCells(places, atSite)
}

interface Drawn {
  standard: StandardMaps
  maps: CellMap[]
  cells: HomeCells
  grid: EqualAreaGrid
  /** Informants who speak at a node; NaN where it is not shown. */
  known: Float64Array
  /** Local scores at the nodes: maps x nodes. */
  surface: Float64Array
}

function shapesOf(
  question: QuestionOf<'patterns'>,
  found: CommonFactors,
  { standard, maps, cells, grid, known, surface }: Drawn,
) {
  const { factors, shares } = found
  const { means, deviations } = standard
  const cellScores = factorScores(found, standard.values, standard.cells)
  const nodes = known.length
  const atNodes = surface.map((value, at) => {
    const map = Math.floor(at / nodes)
    return deviations[map]! > 1e-12 ? (value - means[map]!) / deviations[map]! : 0
  })
  const scores = factorScores(found, atNodes, nodes)
  const fieldOf = (value: (node: number) => number) => known.map((n, node) => (Number.isNaN(n) ? NaN : value(node)))
  const patternsDrawn = range(factors).map((k) => {
    const field = fieldOf((node) => scores[node * factors + k]!)
    const shown = Array.from(field).filter((value) => !Number.isNaN(value))
    const [least, most] = [Math.min(...shown), Math.max(...shown)]
    const levels = shown.length > 0 && least < most ? ticks(least, most, steps).filter((level) => level > least) : []
    return {
      share: shares[k]!,
      surface: {
        type: 'FeatureCollection' as const,
        features: levels.map((score) => areaAtLeast(field, score, grid, { score })),
      },
    }
  })
  const wanted = Math.min(question.regions ?? factors + 1, standard.cells)
  const groupOf = wardGroups(cellScores, factors, wanted)
  const regions = range(wanted).map((region) =>
    regionOf(region, { groupOf, cellScores, factors, standard, maps, cells }),
  )
  /** Squared distance of a node's scores from a region's mean. */
  const from = (node: number, region: number) =>
    regions[region]!.scores.reduce((sum, mean, k) => sum + (scores[node * factors + k]! - mean) ** 2, 0)
  const territories = range(wanted).map((region) =>
    areaAtLeast(
      fieldOf((node) => Math.min(...range(wanted).filter((one) => one !== region).map((one) => from(node, one))) - from(node, region)), // prettier-ignore
      0,
      grid,
      { region },
    ),
  )
  return { factors: patternsDrawn, regions, territories, cellScores, groupOf }
}

function regionOf(
  region: number,
  {
    groupOf,
    cellScores,
    factors,
    standard,
    maps,
    cells,
  }: Pick<Drawn, 'standard' | 'maps' | 'cells'> & { groupOf: Int32Array; cellScores: Float64Array; factors: number },
): WordRegion {
  const members = Array.from(groupOf.keys()).filter((cell) => groupOf[cell] === region)
  const mean = (value: (cell: number) => number) => members.reduce((sum, cell) => sum + value(cell), 0) / members.length
  const above = maps.map((_, map) => mean((cell) => standard.values[map * standard.cells + cell]!))
  return {
    cells: members.length,
    informants: members.reduce((sum, cell) => sum + cells.informants[cell]!, 0),
    scores: range(factors).map((k) => mean((cell) => cellScores[cell * factors + k]!)),
    words: [...above.keys()]
      .filter((map) => above[map]! > 0)
      .sort((a, b) => above[b]! - above[a]! || a - b)
      .slice(0, wordsOfRegion)
      .map((map) => maps[map]!.name),
  }
}
