/** Classes of probabilities, each as wide: from 0 to .1, .1 to .2 and so on; 1 belongs to the last. */
export const certaintyClasses = 10

/** How many probabilities lie in each class. */
export function countCertainties(probabilities: number[]): number[] {
  const counts = new Array<number>(certaintyClasses).fill(0)
  for (const p of probabilities) counts[Math.min(certaintyClasses - 1, Math.floor(certaintyClasses * p))]!++
  return counts
}
