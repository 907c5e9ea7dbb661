/** A box in the plane of a map: kilometres, y downwards. */
export interface Extent {
  minX: number
  minY: number
  maxX: number
  maxY: number
}

/** How many points decide about an extent at most; a sample of this size places its 0.5% quantiles well enough for a first view. */
const sampleLimit = 20_000

/**
 * The box that holds all but the outermost half per cent of the points on each side, so that one stray
 * coordinate does not shrink the map to a dot. Points that the projection cannot place (NaN) are left out.
 * @param xy planar km, interleaved
 * @returns null without one usable point
 */
export function robustExtent(xy: Float32Array): Extent | null {
  const count = xy.length >> 1
  const stride = Math.max(1, Math.floor(count / sampleLimit))
  const xs: number[] = []
  const ys: number[] = []
  for (let i = 0; i < count; i += stride) {
    const x = xy[2 * i]!
    const y = xy[2 * i + 1]!
    if (Number.isFinite(x) && Number.isFinite(y)) {
      xs.push(x)
      ys.push(y)
    }
  }
  if (xs.length === 0) return null
  xs.sort((a, b) => a - b)
  ys.sort((a, b) => a - b)
  const cut = Math.floor(xs.length * 0.005)
  const last = xs.length - 1 - cut
  return { minX: xs[cut]!, minY: ys[cut]!, maxX: xs[last]!, maxY: ys[last]! }
}

/** The same box with `share` of its longer side added on every side, and never narrower than `leastKm`. */
export function grow(extent: Extent, share: number, leastKm = 1): Extent {
  const side = Math.max(extent.maxX - extent.minX, extent.maxY - extent.minY, leastKm)
  const margin = side * share
  const spareX = Math.max(0, leastKm - (extent.maxX - extent.minX)) / 2
  const spareY = Math.max(0, leastKm - (extent.maxY - extent.minY)) / 2
  return {
    minX: extent.minX - margin - spareX,
    minY: extent.minY - margin - spareY,
    maxX: extent.maxX + margin + spareX,
    maxY: extent.maxY + margin + spareY,
  }
}

/** Whether `inner` lies wholly in `outer`. */
export function contains(outer: Extent, inner: Extent): boolean {
  return inner.minX >= outer.minX && inner.minY >= outer.minY && inner.maxX <= outer.maxX && inner.maxY <= outer.maxY
}
