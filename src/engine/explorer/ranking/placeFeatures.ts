import { kernelFeatures } from '#engine/regions/kernelFeatures.ts'

/** Features of cells at several bandwidths side by side: inner products of those of one bandwidth are its kernel. */
export interface PlaceFeatures {
  bandwidthsKm: number[]
  /** Bandwidth h has columns `ends[h - 1]` to `ends[h]`. */
  ends: number[]
  width: number
  /** cells x width, row by row. */
  rows: Float64Array
}

/** Of each bandwidth: nearly all of the power of a wide one, and of a narrow one its leading part. */
const mostRank = 100

/** @param vectors unit vectors of the cells */
export function placeFeatures(vectors: Float64Array, bandwidthsKm: number[]): PlaceFeatures {
  const parts = bandwidthsKm.map((bandwidthKm) => kernelFeatures(vectors, bandwidthKm, mostRank))
  const ends: number[] = []
  for (const { rank } of parts) ends.push((ends.at(-1) ?? 0) + rank)
  const width = ends.at(-1)!
  const cells = vectors.length / 3
  const rows = new Float64Array(cells * width)
  parts.forEach(({ values, points, rank }, h) => {
    const first = ends[h]! - rank
    for (let k = 0; k < rank; k++)
      for (let cell = 0; cell < cells; cell++) rows[cell * width + first + k] = values[k * points + cell]!
  })
  return { bandwidthsKm, ends, width, rows }
}

/** The squared length of each bandwidth's part of a sum of features. */
export function lengthsByBandwidth({ ends }: PlaceFeatures, sum: Float64Array | Float32Array): Float64Array {
  const lengths = new Float64Array(ends.length)
  let k = 0
  ends.forEach((end, h) => {
    for (; k < end; k++) lengths[h]! += sum[k]! ** 2
  })
  return lengths
}
