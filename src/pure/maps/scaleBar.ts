/** Length of a scale bar: a round number of kilometres, and how wide it is drawn. */
export interface ScaleBar {
  km: number
  px: number
}

/** The longest of 1, 2, 5 x 10^n kilometres that fits into `widestPx`. */
export function scaleBar(kmPerPx: number, widestPx = 110): ScaleBar {
  const most = Math.max(1e-6, kmPerPx * widestPx)
  const power = 10 ** Math.floor(Math.log10(most))
  const step = [5, 2, 1].find((factor) => factor * power <= most) ?? 1
  const km = step * power
  return { km, px: km / kmPerPx }
}
