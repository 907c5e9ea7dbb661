/** Bars are this long at most. */
const mostSigns = 40
const classes = 10

/** How many answers have which probability, in ten classes, for a terminal. */
export function certaintyHistogram(probabilities: number[]): string {
  const counts = new Array<number>(classes).fill(0)
  for (const p of probabilities) counts[Math.min(classes - 1, Math.floor(classes * p))]!++
  const most = Math.max(...counts)
  const width = String(most).length
  const lines = counts.map((count, k) => {
    const bar = '#'.repeat(Math.ceil((mostSigns * count) / most))
    return `${(k / classes).toFixed(1)} to ${((k + 1) / classes).toFixed(1)}  ${String(count).padStart(width)} ${bar}`.trimEnd()
  })
  return ['Probability of the label:', ...lines].join('\n')
}
