import type { EvaluationSettings } from '#protocol/experiment.ts'
import { conditionKey, plainKey } from '#pure/conditionKey.ts'
import type { Condition } from './condition.ts'

/** Two conditions by their index, the lower one first. */
export type Contrast = [number, number]

type Named = Pick<Condition, 'experiment' | 'labels' | 'model' | 'preprocess' | 'tasks' | 'method'>

/**
 * The pairs of an experiment's conditions that its study is about. What the settings name and no condition has is left
 * out: its runs are not finished.
 */
export function contrastsOf(conditions: Named[], contrasts: EvaluationSettings['contrasts']): Contrast[] {
  const pairs = pairsOf(conditions)
  if (contrasts === 'all') return pairs
  if (contrasts !== 'standard') {
    const pairKey = (a: string, b: string) => [a, b].sort().join(' ')
    const named = new Set(contrasts.map(([a, b]) => pairKey(a, b)))
    return pairs.filter(([i, j]) => {
      const [a, b] = [conditions[i]!, conditions[j]!]
      // Without a variant of the texts a contrast is one within each of them.
      const plain = a.preprocess === b.preprocess && pairKey(plainKey(a), plainKey(b))
      return named.has(pairKey(conditionKey(a), conditionKey(b))) || (plain !== false && named.has(plain))
    })
  }
  const first = conditions[0]?.model
  return pairs.filter(([i, j]) => {
    const [a, b] = [conditions[i]!, conditions[j]!]
    // Variants of the texts are told apart by the same scheme and model; other contrasts are within a variant.
    if (a.preprocess !== undefined && b.preprocess !== undefined && a.preprocess !== b.preprocess)
      return a.labels === b.labels && a.model === b.model
    if (a.labels !== b.labels) return a.model === b.model || a.labels === null || b.labels === null
    const differInTasks = a.method === b.method && a.tasks.join() !== b.tasks.join()
    return differInTasks || a.model === first || b.model === first
  })
}

/** Like conditions of different experiments; where no two experiments share one, every condition against every other. */
export function contrastsAcross(conditions: Named[]): Contrast[] {
  const pairs = pairsOf(conditions).filter(([i, j]) => conditions[i]!.experiment !== conditions[j]!.experiment)
  const alike = pairs.filter(([i, j]) => conditionKey(conditions[i]!) === conditionKey(conditions[j]!))
  return alike.length > 0 ? alike : pairs
}

const pairsOf = (conditions: unknown[]): Contrast[] =>
  conditions.flatMap((_, i) => conditions.slice(i + 1).map((_other, offset): Contrast => [i, i + 1 + offset]))
