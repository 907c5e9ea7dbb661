import type { Experiment } from '#protocol/experiment.ts'

/** The models that a model averages; none for a model that learns by itself. */
export function partsOf({ models }: Pick<Experiment, 'models'>, model: string): string[] {
  const settings = models[model]
  return settings?.method === 'ensemble' ? settings.ensemble : []
}
