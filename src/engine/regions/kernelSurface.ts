import type { StageContext } from '#engine/context.ts'
import { unitVectors } from '#engine/geo/unitVectors.ts'
import { chooseBandwidth, type BandwidthChoice } from './bandwidth.ts'
import { equalAreaGrid, type EqualAreaGrid } from './equalAreaGrid.ts'
import { kernelSums } from './kernelSums.ts'
import { cellsOfSites, mergeSites } from './siteCells.ts'
import type { VariantCounts } from './sites.ts'

/** Fewer informants' worth of evidence at a place, and nothing is shown there. */
export const leastInformants = 10

export interface KernelSurface {
  grid: EqualAreaGrid
  bandwidth: BandwidthChoice
  /** (sum K)² / sum K² by node: how many informants speak for the estimate there. */
  effectiveInformants: Float64Array
  /** By variant and node, 0 to 1; NaN where it is not shown. */
  shares: Float64Array[]
}

export interface SurfaceOptions {
  /** Along the longer side. */
  cells: number
  isLand: ((lat: number, lon: number) => boolean) | null
  /** Chosen by leave-one-site-out where it is null. */
  bandwidthKm: number | null
  /** A grid that several surfaces share; left out, one about the sites. */
  grid?: EqualAreaGrid
}

/**
 * Shares of variants as a kernel surface, p(x) = sum K y / sum K, on an equal-area grid; blank in the sea and where fewer than
 * ten informants speak (Kish's effective number).
 */
export async function kernelSurface(
  sites: VariantCounts,
  { cells, isLand, bandwidthKm, grid: shared }: SurfaceOptions,
  context: StageContext,
): Promise<KernelSurface> {
  const merged = mergeSites(sites, cellsOfSites(sites))
  const vectors = unitVectors(merged)
  const bandwidth =
    bandwidthKm === null
      ? await chooseBandwidth(vectors, merged.informants, merged.users, context)
      : { bandwidthKm, curve: [] }
  const grid = shared ?? equalAreaGrid(sites, { cells, isLand })
  const targets = { vectors: grid.vectors, wanted: grid.shown }
  const { weight, squares, sums } = await kernelSums(
    { vectors, informants: merged.informants, values: merged.users },
    targets,
    bandwidth.bandwidthKm,
    context,
  )
  const effectiveInformants = weight.map((value, node) => (squares[node]! > 0 ? value ** 2 / squares[node]! : 0))
  const shares = sums.map((values) =>
    values.map((value, node) => (effectiveInformants[node]! >= leastInformants ? value / weight[node]! : NaN)),
  )
  return { grid, bandwidth, effectiveInformants, shares }
}
