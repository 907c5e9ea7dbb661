import type { SettingValue } from '#protocol/comparison.ts'
import type { Experiment, PreprocessSettings } from '#protocol/experiment.ts'
import { partsOf } from '../ensembleParts.ts'
import { preprocessKeysOf, preprocessOf, variantsOf } from '../textVariants.ts'

/** Settings of an experiment by their path, such as `labels.kd.bucket`. */
export type FlatSettings = Map<string, SettingValue>

/** An experiment on one variant of its texts. */
type OneVariant = Omit<Experiment, 'preprocess'> & { preprocess: PreprocessSettings }

/** What an experiment's numbers follow from: names, the matrix and the evaluation decide only which of them are shown. */
export function flatSettings({ corpus, preprocess, labels, embeddings, models }: OneVariant): FlatSettings {
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
 * The paths of settings in which experiments, or variants of the texts within one, differ, in the order of the first file. A
 * scheme or a model that one of them alone defines is no difference of settings: its rows show it.
 */
export function differingSettings(several: Experiment[]): string[] {
  const experiments = several.flatMap((experiment) =>
    variantsOf(experiment).map(({ settings }): OneVariant => ({ ...experiment, preprocess: settings })),
  )
  const flat = experiments.map(flatSettings)
  const paths = new Set(flat.flatMap((settings) => [...settings.keys()]))
  return [...paths].filter((path) => {
    const having = flat.filter((_, i) => defines(experiments[i]!, path))
    const values = new Set(having.map((settings) => JSON.stringify(settings.get(path))))
    return values.size > 1
  })
}

/** Whether an experiment has the scheme or the model that a path speaks of; other settings are everybody's. */
function defines({ labels, models }: OneVariant, path: string): boolean {
  const [group, name] = path.split('.') as [string, string]
  if (group === 'labels') return name in labels
  return group !== 'models' || name in models
}

/** Of the settings at some paths, those that a row of this scheme, model and variant depends on; null where the file leaves one out. */
export function settingsOfRow(
  experiment: Experiment,
  paths: string[],
  row: { labels: string | null; model: string; preprocess?: string },
): Record<string, SettingValue> {
  const settings = flatSettings({ ...experiment, preprocess: preprocessOf(experiment, row.preprocess) })
  const concerns = (path: string) => {
    const [group, name] = path.split('.') as [string, string]
    if (group === 'labels') return name === row.labels
    if (group === 'preprocess') return isReadBy(experiment, row, name)
    return group !== 'models' || name === row.model
  }
  return Object.fromEntries(paths.filter(concerns).map((path) => [path, settings.get(path) ?? null]))
}

/** Whether a setting of `preprocess` is anything to a row: with variants, a model that cannot tell them apart has none of them. */
function isReadBy(
  experiment: Experiment,
  { model, preprocess: variant }: { model: string; preprocess?: string },
  key: string,
): boolean {
  const { preprocess, models } = experiment
  if (!Array.isArray(preprocess)) return true
  const settings = models[model]
  if (variant === undefined || !settings) return false
  const parts = partsOf(experiment, model)
  if (parts.length > 0) return parts.some((part) => isReadBy(experiment, { model: part, preprocess: variant }, key))
  const keys = preprocessKeysOf(settings)
  return keys === null || keys.includes(key)
}
