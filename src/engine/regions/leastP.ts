/** One bandwidth: the statistic, the same under each flip, and what a difference d between halves adds: d x slope + d² x curvature. */
export interface Look {
  observed: number
  flipped: Float64Array
  slope: Float64Array
  curvature: number
}

export interface LeastP {
  /** The look with the least p. */
  look: number
  /** The share of flips, the data among them, whose least p over the looks is no greater than the data's. */
  p: number
  detectableDifference: number | null
}

const level = 0.05
const power = 0.8

/**
 * The least p over several looks at the same flips, by its own distribution: each flip is ranked among the flips in each
 * look as the data are (Westfall & Young 1993, "Resampling-based multiple testing", section 2.6).
 */
export function leastP(looks: Look[]): LeastP {
  const flips = looks[0]!.flipped.length
  const sorted = looks.map(({ flipped, observed }) => Float64Array.from([...flipped, observed]).sort())
  /** How many of flips and data have at least this statistic. */
  const rank = (look: number, value: number) => {
    const values = sorted[look]!
    let [low, high] = [0, values.length]
    while (low < high) {
      const middle = (low + high) >> 1
      if (values[middle]! < value) low = middle + 1
      else high = middle
    }
    return values.length - low
  }
  const ranksOfData = looks.map(({ observed }, look) => rank(look, observed))
  const leastOfData = Math.min(...ranksOfData)
  const leastOfFlips = Int32Array.from({ length: flips }, (_, draw) =>
    Math.min(...looks.map(({ flipped }, look) => rank(look, flipped[draw]!))),
  )
  const asSmall = leastOfFlips.reduce((count, least) => count + (least <= leastOfData ? 1 : 0), 0)
  return {
    look: ranksOfData.indexOf(leastOfData),
    p: (1 + asSmall) / (1 + flips),
    detectableDifference: detectable(looks, sorted, leastOfFlips.sort()),
  }
}

/** The least difference at which `power` of the flips, each with that difference planted, pass what `level` of them pass without. */
function detectable(looks: Look[], sorted: Float64Array[], least: Int32Array): number | null {
  const flips = least.length
  const rank = least[Math.floor(level * flips)]!
  // Nothing passes that is not above the value of that rank.
  const critical = sorted.map((values) => values[values.length - Math.max(1, rank)]!)
  const found = (difference: number) => {
    let passing = 0
    for (let draw = 0; draw < flips; draw++) {
      if (
        looks.some(
          ({ flipped, slope, curvature }, look) =>
            flipped[draw]! + difference * (slope[draw]! + difference * curvature) > critical[look]!,
        )
      )
        passing++
    }
    return passing >= power * flips
  }
  if (!found(1)) return null
  let [low, high] = [0, 1]
  while (high - low > 0.001) {
    const middle = (low + high) / 2
    if (found(middle)) high = middle
    else low = middle
  }
  return high
}
