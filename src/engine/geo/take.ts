/** `values[order[0]], values[order[1]], ...` */
export function take(values: Float64Array, order: Int32Array): Float64Array {
  const result = new Float64Array(order.length)
  for (let p = 0; p < order.length; p++) result[p] = values[order[p]!]!
  return result
}
