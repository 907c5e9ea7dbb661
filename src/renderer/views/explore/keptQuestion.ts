import type { Condition } from '#protocol/explorer.ts'
import { keep, kept } from '../../state/kept.ts'
import type { Groups } from './groups.ts'

/** What was asked last of a corpus. */
export interface KeptQuestion {
  fields: string[]
  where: Condition[]
  groups: Groups | null
  bandwidthKm: number | null
}

const keyOf = (place: string) => `explore ${place}`

export const keepQuestion = (place: string, question: KeptQuestion): void => keep(keyOf(place), question)

/** Null where nothing was asked, or what was kept is of another version. */
export function keptQuestion(place: string): KeptQuestion | null {
  const found = kept(keyOf(place)) as Partial<KeptQuestion> | null
  const whole =
    Array.isArray(found?.fields) &&
    found.fields.every((field) => typeof field === 'string') &&
    Array.isArray(found.where) &&
    (found.groups === null || Array.isArray(found.groups?.parts))
  // Versions before this one had no width.
  return whole ? { bandwidthKm: null, ...(found as Omit<KeptQuestion, 'bandwidthKm'>) } : null
}
