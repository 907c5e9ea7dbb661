/** SVG path through points; a point that is not finite breaks the line. */
export function linePath(points: readonly (readonly [number, number])[]): string {
  let path = ''
  let open = false
  for (const [x, y] of points) {
    if (!Number.isFinite(x) || !Number.isFinite(y)) {
      open = false
      continue
    }
    path += `${open ? 'L' : 'M'}${x.toFixed(1)},${y.toFixed(1)}`
    open = true
  }
  return path
}

/** Path along the top of a histogram's bins: `edges` has one more entry than `tops`. */
export function stepPath(edges: readonly number[], tops: readonly number[], baseline: number): string {
  if (tops.length === 0) return ''
  let path = `M${edges[0]!.toFixed(1)},${baseline.toFixed(1)}`
  tops.forEach((top, i) => {
    path += `V${top.toFixed(1)}H${edges[i + 1]!.toFixed(1)}`
  })
  return `${path}V${baseline.toFixed(1)}`
}
