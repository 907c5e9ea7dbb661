import type { FilePurpose } from '#protocol/shell.ts'
import type { Path } from '../../state/yamlText.ts'

/** `sets` is what the text gets where that is more than the word. */
interface Option {
  value: string
  title: string
  sets?: unknown
}

/** What the form shows of an experiment; everything else is set in the text beside it. */
export type Field = { path: Path; label: string; hint?: string } &
  /** `empty` is written where the field is left empty. */
  (
    | { kind: 'number'; min: number; max?: number; step: number; empty?: string }
    | { kind: 'choice'; options: readonly Option[] }
    | { kind: 'check' }
    /** `columns`: the further columns of the corpus are offered. */
    | { kind: 'text'; placeholder?: string; suggests?: 'columns' }
    /** `without`: what is taken where there is no file, as it may be. */
    | { kind: 'file'; purpose: FilePurpose; without?: string }
  )

export const choice = (...options: [value: string, title: string][]) =>
  ({ kind: 'choice', options: options.map(([value, title]) => ({ value, title })) }) as const
export const whole = (min: number, max?: number) => ({ kind: 'number', min, max, step: 1 }) as const
export const keepOrDrop = choice(['keep', 'keep'], ['drop', 'drop'])
