import { haversineKm } from '#pure/greatCircle.ts'
import type { StageContext } from '#engine/context.ts'
import { unitVectors } from '#engine/geo/unitVectors.ts'
import type { EqualAreaGrid } from '../equalAreaGrid.ts'
import { cellsOfSites, mergeSites } from '../siteCells.ts'
import { oneAgainstRest, type VariantCounts } from '../sites.ts'
import { withinSiteCorrelation } from '../withinSiteCorrelation.ts'
import { averagedField, drawField, fieldsAt, meanField } from './averagedField.ts'
import { crossingShares } from './crossingShares.ts'
import { lineBands } from './lineBands.ts'
import { transitionWidth, type TransitionWidth } from './transitionWidth.ts'
import { zeroLines, type PlaceLine } from './zeroLines.ts'

export interface Isogloss {
  lines: PlaceLine[]
  /** By node: above 0 in the band, NaN where nothing is shown. */
  pointwise: Float64Array
  simultaneous: Float64Array
  /** Mean logit of the first variant's share less that along the line. */
  mean: Float64Array
  transition: TransitionWidth | null
  /** Labov, Ash and Boberg 2006, chapter 5. */
  quality: { homogeneity: number; consistency: number; leakage: number }
  /** By node, for the cell to its north-east: the share of draws whose line crosses it; null where it was not asked for. */
  crossed: Float64Array | null
}

export interface IsoglossOptions {
  /** Of the bands. */
  level: number
  /** The share of the first variant along the line. */
  at: number
  seed: number
  /** 1 at the nodes to which the line is clipped. */
  support: Uint8Array
  /** Whether it is counted where the draws' lines run. */
  countCrossings?: boolean
}

const draws = 1000

/**
 * The line along which the first of two variants has a share, how sure it is, how sharp, and how well it parts the two.
 * @param counts of two variants
 */
export async function isogloss(
  counts: VariantCounts,
  grid: EqualAreaGrid,
  { level, at, seed, support, countCrossings = false }: IsoglossOptions,
  context: StageContext,
): Promise<Isogloss> {
  const merged = mergeSites(counts, cellsOfSites(counts))
  const sites = oneAgainstRest(merged, 0)
  const vectors = unitVectors(merged)
  const field = await drawField(await averagedField(vectors, sites, context), sites, { draws, seed }, context)
  const threshold = Math.log(at / (1 - at))
  const nodes = Int32Array.from(support.keys()).filter((node) => support[node])
  const drawn = await fieldsAt(field, vectorsAt(grid.vectors, nodes), context)
  for (let i = 0; i < drawn.length; i++) drawn[i]! -= threshold
  const bands = lineBands(drawn, nodes, grid, level)
  const onGrid = (values: (i: number) => number) => {
    const all = new Float64Array(support.length).fill(NaN)
    nodes.forEach((node, i) => (all[node] = values(i)))
    return all
  }
  const mean = onGrid((i) => bands.mean[i]!)
  const lines = zeroLines(mean, grid)
  const { critical } = bands
  const siteSides = meanField(field.parts, vectors).map((value) => value - threshold)
  return {
    lines,
    pointwise: onGrid((i) => Math.min(bands.above[i]!, 1 - bands.above[i]!) - (1 - level) / 2),
    simultaneous: onGrid((i) => (critical === null ? -1 : critical - bands.distance[i]!)),
    mean,
    transition: lines.length === 0 ? null : transitionOf(sites, siteSides, lines),
    quality: qualityOf(sites, siteSides),
    crossed: countCrossings ? crossingShares(drawn, nodes, grid) : null,
  }
}

function vectorsAt(vectors: Float64Array, nodes: Int32Array): Float64Array {
  const chosen = new Float64Array(3 * nodes.length)
  nodes.forEach((node, i) => chosen.set(vectors.subarray(3 * node, 3 * node + 3), 3 * i))
  return chosen
}

type OneVariant = ReturnType<typeof oneAgainstRest>

function transitionOf(sites: OneVariant, sides: Float64Array, lines: PlaceLine[]): TransitionWidth {
  const points = lines.flat()
  const distanceKm = Float64Array.from(sides, (side, s) => {
    let nearest = Infinity
    for (const [lon, lat] of points) nearest = Math.min(nearest, haversineKm(sites.lat[s]!, sites.lon[s]!, lat, lon))
    return side > 0 ? nearest : -nearest
  })
  const correlation = withinSiteCorrelation(sites)
  const weights = sites.informants.map((m) => 1 / (1 + Math.max(0, m - 1) * correlation))
  return transitionWidth(distanceKm, sites, weights)
}

function qualityOf({ informants, users }: OneVariant, sides: Float64Array): Isogloss['quality'] {
  let [inside, usersInside, usersOutside, outside] = [0, 0, 0, 0]
  sides.forEach((side, s) => {
    if (side > 0) {
      inside += informants[s]!
      usersInside += users[s]!
    } else {
      outside += informants[s]!
      usersOutside += users[s]!
    }
  })
  return {
    homogeneity: inside > 0 ? usersInside / inside : 0,
    consistency: usersInside + usersOutside > 0 ? usersInside / (usersInside + usersOutside) : 0,
    leakage: outside > 0 ? usersOutside / outside : 0,
  }
}
