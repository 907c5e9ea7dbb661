import type { SettingValue } from '#protocol/comparison.ts'
import type { Experiment } from '#protocol/experiment.ts'

/** Settings of an experiment by their path, such as `labels.kd.bucket`. */
export type FlatSettings = Map<string, SettingValue>

/** What an experiment's numbers follow from: names, the matrix and the evaluation decide only which of them are shown. */
export function flatSettings({ corpus, preprocess, labels, embeddings, models }: Experiment): FlatSettings {
  const flat: FlatSettings = new Map()
  const add = (path: string, value: unknown) => {
    if (value === undefined) return
    const isGroup = typeof value === 'object' && value !== null && !Array.isArray(value)
    if (isGroup) for (const [key, inner] of Object.entries(value)) add(`${path}.${key}`, inner)
    else flat.set(path, value as SettingValue)
  }
  for (const [key, value] of Object.entries({ corpus, preprocess, labels, embeddings, models })) add(key, value)
  return flat
}

/**
 * The paths of settings in which experiments differ, in the order of the first file. A scheme or a model that one of
 * them alone defines is no difference of settings: its rows show it.
 */
export function differingSettings(experiments: Experiment[]): string[] {
  const flat = experiments.map(flatSettings)
  const paths = new Set(flat.flatMap((settings) => [...settings.keys()]))
  return [...paths].filter((path) => {
    const having = flat.filter((_, i) => defines(experiments[i]!, path))
    const values = new Set(having.map((settings) => JSON.stringify(settings.get(path))))
    return values.size > 1
  })
}

/** Whether an experiment has the scheme or the model that a path speaks of; other settings are everybody's. */
function defines({ labels, models }: Experiment, path: string): boolean {
  const [group, name] = path.split('.') as [string, string]
  if (group === 'labels') return name in labels
  return group !== 'models' || name in models
}

/** Of the settings at some paths, those that a row of this scheme and model depends on; null where the file leaves one out. */
export function settingsOfRow(
  experiment: Experiment,
  paths: string[],
  { labels, model }: { labels: string | null; model: string },
): Record<string, SettingValue> {
  const settings = flatSettings(experiment)
  const concerns = (path: string) => {
    const [group, name] = path.split('.') as [string, string]
    if (group === 'labels') return name === labels
    return group !== 'models' || name === model
  }
  return Object.fromEntries(paths.filter(concerns).map((path) => [path, settings.get(path) ?? null]))
}
