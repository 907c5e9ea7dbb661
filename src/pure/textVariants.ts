import type { Experiment, PreprocessSettings } from '#protocol/experiment.ts'
import { partsOf } from './ensembleParts.ts'
import { dropsOf, needsOf, type ModelSettings } from '#protocol/models/models.ts'

/** A way in which an experiment has its texts read. */
export interface TextVariant {
  /** undefined: the experiment knows one way only, and it has no name. */
  name: string | undefined
  settings: PreprocessSettings
}

/** The variants that the experiment defines, in its order. */
export function definedVariants({ preprocess }: Pick<Experiment, 'preprocess'>): TextVariant[] {
  if (!Array.isArray(preprocess)) return [{ name: undefined, settings: preprocess }]
  return preprocess.map(({ name, ...settings }) => ({ name, settings }))
}

/** Those of them that the matrix chooses: all, where it names none. */
export function variantsOf(experiment: Pick<Experiment, 'preprocess' | 'matrix'>): TextVariant[] {
  const { preprocess: chosen } = experiment.matrix
  return definedVariants(experiment).filter(({ name }) => name === undefined || !chosen || chosen.includes(name))
}

/** How the texts of a variant are read; without a name, of the only one or the first. */
export function preprocessOf(experiment: Pick<Experiment, 'preprocess'>, name?: string): PreprocessSettings {
  const variants = definedVariants(experiment)
  return (variants.find((variant) => variant.name === name) ?? variants[0]!).settings
}

/** Whether a model reads what the vocabulary keeps of the texts. */
const readsWords = (settings: ModelSettings) => {
  const { embedding, input } = needsOf(settings)
  return embedding || input === 'words'
}

/** A model's settings on a variant: a method that reads the texts themselves leaves out what the variant leaves out. */
export function modelOnVariant(experiment: Experiment, model: string, variant: string | undefined): ModelSettings {
  const settings = experiment.models[model]!
  if (variant === undefined) return settings
  const preprocess = preprocessOf(experiment, variant)
  const dropped = dropsOf(settings).filter((what) => preprocess[what] === 'drop')
  return { ...settings, ...Object.fromEntries(dropped.map((what) => [what, 'drop'])) }
}

/** The variants that a model is trained on: those that it can tell apart; a single one without a name where it can tell none. */
export function variantsOfModel(experiment: Experiment, model: string): (string | undefined)[] {
  const names = variantsOf(experiment).map(({ name }) => name)
  const settings = experiment.models[model]!
  const parts = partsOf(experiment, model)
  if (parts.length > 0) {
    // On each variant that one of the averaged models can tell from the others.
    const told = new Set(parts.flatMap((part) => variantsOfModel(experiment, part)))
    const own = names.filter((name) => told.has(name))
    return own.length > 0 ? own : [undefined]
  }
  if (readsWords(settings)) return names
  if (dropsOf(settings).length === 0) return [undefined]
  const first = new Map<string, string | undefined>()
  for (const name of names) {
    const read = JSON.stringify(modelOnVariant(experiment, model, name))
    if (!first.has(read)) first.set(read, name)
  }
  return [...first.values()]
}

/** The settings of `preprocess` that a model's results depend on; null: all of them. */
export function preprocessKeysOf(settings: ModelSettings): readonly string[] | null {
  return readsWords(settings) ? null : dropsOf(settings)
}
