import { certaintyClasses, countCertainties } from '#pure/certaintyClasses.ts'

/** Bars are this long at most. */
const mostSigns = 40

/** How many answers have which probability, for a terminal. */
export function certaintyHistogram(probabilities: number[]): string {
  const counts = countCertainties(probabilities)
  const most = Math.max(...counts)
  const width = String(most).length
  const lines = counts.map((count, k) => {
    const bar = '#'.repeat(Math.ceil((mostSigns * count) / most))
    const [from, to] = [k, k + 1].map((end) => (end / certaintyClasses).toFixed(1))
    return `${from} to ${to}  ${String(count).padStart(width)} ${bar}`.trimEnd()
  })
  return ['Probability of the label:', ...lines].join('\n')
}
