/**
 * Informants at the overall share that each side is mixed with (Monroe, Colaresi and Quinn 2008, "Fightin' words"): with few of
 * them the greatest ratio is that of the smallest group.
 */
const priorInformants = 500

/** Users of a word among the informants of a group, and among all others. */
export interface GroupCounts {
  inside: number
  insideOf: number
  outside: number
  outsideOf: number
}

/** z of the log-odds ratio of using a word inside a group against outside, with an informative prior at the overall share. */
export function logOddsZ({ inside, insideOf, outside, outsideOf }: GroupCounts): number {
  const prior = (priorInformants * (inside + outside)) / (insideOf + outsideOf)
  const logOdds = (yes: number, of: number) => Math.log((yes + prior) / (of + priorInformants - yes - prior))
  const difference = logOdds(inside, insideOf) - logOdds(outside, outsideOf)
  return difference / Math.sqrt(1 / (inside + prior) + 1 / (outside + prior))
}
