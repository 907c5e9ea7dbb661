import type { Condition } from './condition.ts'

/** Says of each scheme how many test documents it gives no label, and how they count. */
export function unlabelledWarnings(conditions: Condition[]): string[] {
  const said = new Map<string, string>()
  for (const { labels, scheme } of conditions) {
    if (!scheme || said.has(scheme.id)) continue
    const unlabelled = scheme.of.reduce((sum, label) => sum + (label < 0 ? 1 : 0), 0)
    if (unlabelled > 0)
      said.set(
        scheme.id,
        `${unlabelled} of ${scheme.of.length} test documents have no label of ${labels}: no answer is right about them (accuracy), their distances count as all others, and the oracle leaves them out.`,
      )
  }
  return [...said.values()]
}
