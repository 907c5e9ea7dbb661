import type { Path } from '../../state/yamlText.ts'

/** What the form shows of an experiment; everything else is set in the text beside it. */
export type Field = { path: Path; label: string; hint?: string } & (
  | { kind: 'number'; min: number; max?: number; step: number }
  | { kind: 'choice'; options: readonly { value: string; title: string }[] }
  | { kind: 'check' }
  | { kind: 'text'; placeholder?: string }
)

export const choice = (...options: [value: string, title: string][]) =>
  ({ kind: 'choice', options: options.map(([value, title]) => ({ value, title })) }) as const
export const whole = (min: number, max?: number) => ({ kind: 'number', min, max, step: 1 }) as const
export const keepOrDrop = choice(['keep', 'keep'], ['drop', 'drop'])
