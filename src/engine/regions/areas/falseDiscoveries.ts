/** The q of each p by Benjamini & Hochberg 1995: the least rate of false discoveries at which it would be one. NaN stays. */
export function falseDiscoveries(p: Float64Array): Float64Array {
  const order = Array.from(p.keys()).filter((i) => !Number.isNaN(p[i]!))
  order.sort((a, b) => p[b]! - p[a]!)
  const q = new Float64Array(p.length).fill(NaN)
  let least = 1
  order.forEach((i, place) => {
    least = Math.min(least, (p[i]! * order.length) / (order.length - place))
    q[i] = least
  })
  return q
}
