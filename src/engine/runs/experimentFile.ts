import { readdir } from 'node:fs/promises'
import { dirname, join, resolve } from 'node:path'
import { isDeepStrictEqual } from 'node:util'
import { isMap, isScalar, isSeq, parse, parseDocument, stringify, YAMLParseError } from 'yaml'
import type { z } from 'zod'
import { EngineError } from '#protocol/errors.ts'
import { experimentFile, type CorpusSettings, type Experiment } from '#protocol/experiment.ts'
import { matchOf } from '#protocol/labels/labels.ts'
import { presetName, presets } from '#protocol/presets.ts'
import { needsOf, withFiles } from '#protocol/models/models.ts'
import { conditionKey, plainKey } from '#pure/conditionKey.ts'
import { partsOf } from '#pure/ensembleParts.ts'
import { matrixOf, runMatrix } from '#pure/runMatrix.ts'
import { definedVariants, variantsOf } from '#pure/textVariants.ts'
import { absolutePath, expandFiles } from '#engine/files/expandFiles.ts'
import { explainIssues, suggestion } from './explainIssues.ts'
import { portablePath, writeInProject } from './projectFolder.ts'
import { readYamlText, withStraightQuotes } from './yamlText.ts'

/**
 * Checks an experiment and fills in its defaults; corpus paths become absolute, taken from `baseDirectory`.
 * @throws EngineError 'experiment/invalid' that names each wrong key or value and the nearest known key
 */
export function parseExperiment(yaml: string, baseDirectory: string): Experiment {
  if (yaml.length > mostCharacters) {
    throw new EngineError(
      'experiment/too-large',
      `The experiment has ${yaml.length} characters; at most ${mostCharacters} can be read. Make it shorter.`,
    )
  }
  let raw: unknown
  try {
    raw = withStraightQuotes(parse(yaml, { uniqueKeys: keysInBounds() }))
  } catch (error) {
    const where = error instanceof YAMLParseError && error.linePos ? ` in line ${error.linePos[0].line}` : ''
    const what = (error as Error).message.split('\n')[0]!.replace(/ at line \d+, column \d+:?$/, '')
    const quotes = /[“”„«»]/.test(yaml)
      ? ' It holds curly quotes: YAML knows straight ones ("), which a text editor writes and a word processor does not.'
      : ''
    throw new EngineError(
      'experiment/not-yaml',
      `The experiment is not valid YAML${where}: ${what}.${quotes} Mend the file and try again.`,
    )
  }
  return checkExperiment(raw, baseDirectory)
}

/**
 * The same for an experiment that is no text.
 * @throws EngineError 'experiment/invalid', 'experiment/too-many-runs'
 */
export function checkExperiment(written: unknown, baseDirectory: string): Experiment {
  const raw = withPreset(withEnsembleMethods(written))
  const result = experimentFile.safeParse(raw)
  if (!result.success) throw invalid(result.error, raw)
  const experiment = withAbsolutePaths(result.data, baseDirectory)
  checkVariants(experiment)
  checkReferences(experiment)
  checkEnsembles(experiment)
  checkMatches(experiment)
  checkSize(experiment)
  checkContrasts(experiment)
  return experiment
}

/** The sections of the preset that a file names, where it has none of its own; the file itself where it names none that is known. */
function withPreset(raw: unknown): unknown {
  if (!isGroup(raw)) return raw
  const name = presetName.safeParse(raw['preset'])
  return name.success ? { ...presets[name.data], ...raw } : raw
}

/** A model that names others under `ensemble` needs no method. */
function withEnsembleMethods(raw: unknown): unknown {
  if (!isGroup(raw) || !isGroup(raw['models'])) return raw
  const models = Object.entries(raw['models']).map(([name, model]) => [
    name,
    isGroup(model) && 'ensemble' in model && !('method' in model) ? { method: 'ensemble', ...model } : model,
  ])
  return { ...raw, models: Object.fromEntries(models) as unknown }
}

const isGroup = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** Far above any experiment with every default written out; reading a megabyte of YAML takes many seconds. */
const mostCharacters = 1 << 17

/** The reader compares each key of a section with all before it: a section of thousands of keys is refused before it takes long. */
function keysInBounds() {
  let left = 1_000_000
  return (a: unknown, b: unknown) => {
    if (--left < 0) throw new Error('a section has too many keys; about 1,400 can be read')
    return a === b || (isScalar(a) && isScalar(b) && a.value === b.value)
  }
}

export async function readExperimentFile(path: string): Promise<Experiment> {
  const yaml = await readYamlText(path, mostCharacters).catch((cause: unknown) => {
    if (cause instanceof EngineError) throw cause
    throw new EngineError(
      'experiment/not-found',
      `There is no experiment file ${path}. Give the path of a YAML file.`,
      {},
      { cause },
    )
  })
  return withFoundFiles(parseExperiment(yaml, dirname(resolve(path))))
}

const folder = (project: string) => join(project, 'experiments')
const pathOf = (project: string, name: string) => join(folder(project), `${name}.yaml`)

/**
 * Writes experiments/NAME.yaml with every default filled in; files inside the project are named relative to it.
 * @param yaml the text that was parsed from that folder: its comments and order stay
 * @throws EngineError 'project/outside' where a link leads out of the project
 */
export async function saveExperiment(project: string, experiment: Experiment, yaml?: string): Promise<string> {
  const portable = mapFiles(experiment, (file) => portablePath(project, file, folder(project)))
  const text = yaml === undefined ? toYaml(portable) : withDefaults(yaml, portable)
  await writeInProject(project, pathOf(project, experiment.name), text)
  return text
}

const yamlStyle = { lineWidth: 110, flowCollectionPadding: false }

export const toYaml = (experiment: Experiment) => stringify(experiment, yamlStyle)

/** Adds to a text what it leaves to its defaults. */
function withDefaults(yaml: string, experiment: Experiment): string {
  const document = parseDocument(yaml)
  const fill = (path: (string | number)[], value: unknown) => {
    const there = document.getIn(path, true)
    if (there === undefined) document.setIn(path, document.createNode(value))
    else if (isMap(there)) for (const [key, inner] of Object.entries(value as object)) fill([...path, key], inner)
    else if (isSeq(there) && Array.isArray(value)) value.forEach((inner, i) => fill([...path, i], inner))
  }
  for (const [key, value] of Object.entries(experiment)) fill([key], value)
  return document.toString(yamlStyle)
}

export async function loadExperiment(project: string, name: string): Promise<{ yaml: string; experiment: Experiment }> {
  // A name of the list, so that no name is a path to elsewhere.
  const known = await listExperiments(project)
  if (!known.includes(name)) {
    throw new EngineError(
      'experiment/not-found',
      `The project has no experiment "${name}"; it has ${known.length ? known.join(', ') : 'none'}. Run one first or choose one of these.`,
      { known },
    )
  }
  const yaml = await readYamlText(pathOf(project, name), mostCharacters)
  return { yaml, experiment: await withFoundFiles(parseExperiment(yaml, folder(project))) }
}

export async function listExperiments(project: string): Promise<string[]> {
  const names = await readdir(folder(project)).catch(() => [] as string[])
  return names.flatMap((name) => /^(.+)\.yaml$/.exec(name)?.[1] ?? []).sort()
}

function mapFiles(experiment: Experiment, map: (file: string) => string): Experiment {
  const { corpus, labels, embeddings, models } = experiment
  return {
    ...experiment,
    corpus: {
      ...corpus,
      train: corpus.train.map(map),
      ...(corpus.dev ? { dev: corpus.dev.map(map) } : {}),
      ...(corpus.test ? { test: corpus.test.map(map) } : {}),
      ...(corpus.codes === undefined ? {} : { codes: map(corpus.codes) }),
      ...(corpus.sites === undefined ? {} : { sites: map(corpus.sites) }),
    },
    labels: Object.fromEntries(
      Object.entries(labels).map(([name, scheme]) => [
        name,
        'file' in scheme ? { ...scheme, file: map(scheme.file) } : scheme,
      ]),
    ),
    embeddings: embeddings.method === 'file' ? { ...embeddings, file: map(embeddings.file) } : embeddings,
    models: Object.fromEntries(Object.entries(models).map(([name, model]) => [name, withFiles(model, map)])),
  }
}

const withAbsolutePaths = (experiment: Experiment, base: string) =>
  mapFiles(experiment, (file) => absolutePath(base, file))

/** With the files that patterns of the corpus stand for. */
async function withFoundFiles(experiment: Experiment): Promise<Experiment> {
  return { ...experiment, corpus: await withFoundCorpusFiles(experiment.corpus) }
}

/** @throws EngineError 'import/file-missing' where a pattern matches no file */
export async function withFoundCorpusFiles(corpus: CorpusSettings): Promise<CorpusSettings> {
  const { train, dev, test } = corpus
  return {
    ...corpus,
    train: await expandFiles(train),
    ...(dev ? { dev: await expandFiles(dev) } : {}),
    ...(test ? { test: await expandFiles(test) } : {}),
  }
}

function checkReferences(experiment: Experiment): void {
  const { labels, models } = matrixOf(experiment)
  const variants = definedVariants(experiment).flatMap(({ name }) => name ?? [])
  for (const [chosen, known, what] of [
    [experiment.matrix.preprocess ?? [], variants, 'preprocess'],
    [labels, Object.keys(experiment.labels), 'labels'],
    [models, Object.keys(experiment.models), 'models'],
  ] as const) {
    for (const name of chosen) {
      if (known.includes(name)) continue
      throw new EngineError(
        'experiment/invalid',
        `matrix.${what} names "${name}", but ${what} defines ${known.join(', ') || 'no variants: it is no list'}. ${known.length > 0 ? suggestion(name, known) : 'Leave it out.'}`,
        { path: `matrix.${what}` },
      )
    }
  }
}

/** @throws EngineError 'experiment/invalid' where an ensemble names what cannot be averaged */
function checkEnsembles(experiment: Experiment): void {
  const { models } = experiment
  const inMatrix = matrixOf(experiment).models
  const known = Object.keys(models).filter(
    (name) => models[name]!.method !== 'ensemble' && needsOf(models[name]!).labels,
  )
  for (const name of Object.keys(models)) {
    const parts = partsOf(experiment, name)
    parts.forEach((part, i) => {
      const problem = parts.slice(0, i).includes(part)
        ? 'twice'
        : !known.includes(part)
          ? unfit(part)
          : inMatrix.includes(name) && !inMatrix.includes(part)
            ? 'which matrix.models leaves out'
            : null
      if (problem === null) return
      throw new EngineError(
        'experiment/invalid',
        `models.${name}.ensemble names "${part}", ${problem}; expected two or more models of the matrix with probabilities of labels, of which there are: ${known.join(', ') || 'none'}. ${suggestion(part, known)}`,
        { path: `models.${name}.ensemble` },
      )
    })
  }

  function unfit(part: string): string {
    const model = models[part]
    if (model?.method === 'ensemble') return 'which is an ensemble itself'
    if (model) return 'which has no probabilities of labels'
    // Labels differ only between rows of the matrix, and those are never averaged with each other.
    return part.includes('/')
      ? 'which is a condition: models are averaged within each label scheme of the matrix, never across'
      : 'which is no model of the file'
  }
}

/** @throws EngineError 'experiment/invalid' where two variants of the texts have one name, or are the same */
function checkVariants(experiment: Experiment): void {
  const variants = definedVariants(experiment)
  variants.forEach(({ name, settings }, i) => {
    const same = variants
      .slice(0, i)
      .find((other) => other.name === name || isDeepStrictEqual(other.settings, settings))
    if (!same) return
    const what =
      same.name === name ? `has the name of an earlier one, "${name}"` : `"${name}" is the same as "${same.name}"`
    throw new EngineError(
      'experiment/invalid',
      `preprocess.${i}: the variant ${what}. Give each variant a name and settings of its own.`,
      { path: `preprocess.${i}` },
    )
  })
}

/** @throws EngineError 'experiment/invalid' where a scheme is to match itself, an unknown one, or one that matches another */
function checkMatches({ labels }: Experiment): void {
  for (const [name, settings] of Object.entries(labels)) {
    const match = matchOf(settings)
    if (match === null) continue
    const known = Object.keys(labels).filter((other) => other !== name && matchOf(labels[other]!) === null)
    if (known.includes(match)) continue
    throw new EngineError(
      'experiment/invalid',
      `labels.${name}.match names "${match}", expected a scheme that matches no other: ${known.join(', ') || 'there is none'}. ${suggestion(match, known)}`,
      { path: `labels.${name}.match` },
    )
  }
}

/** @throws EngineError 'experiment/invalid' where a contrast names what is no condition of the matrix */
function checkContrasts(experiment: Experiment): void {
  const { contrasts } = experiment.evaluation
  if (typeof contrasts === 'string') return
  const runs = runMatrix(experiment)
  const known = [...new Set(runs.map(conditionKey))]
  const plain = new Set(runs.map(plainKey))
  for (const name of contrasts.flat()) {
    if (known.includes(name) || plain.has(name)) continue
    throw new EngineError(
      'experiment/invalid',
      `evaluation.contrasts names "${name}", but the conditions are ${known.join(', ')}. ${suggestion(name, known)}`,
      { path: 'evaluation.contrasts' },
    )
  }
}

/** Runs of one experiment, far above any study: a plan looks for each of them on disk. */
const mostRuns = 10_000

function checkSize(experiment: Experiment): void {
  const { labels, models, seeds } = matrixOf(experiment)
  const variants = variantsOf(experiment).length
  const runs = labels.length * models.length * seeds.length * variants
  if (runs <= mostRuns) return
  throw new EngineError(
    'experiment/too-many-runs',
    `The matrix crosses ${labels.length} labels, ${models.length} models and ${seeds.length} seeds${variants > 1 ? ` on ${variants} variants of the texts` : ''}, which makes ${runs} runs; at most ${mostRuns} are planned in one experiment. Name fewer under matrix, or make several experiments of it.`,
    { path: 'matrix', runs, most: mostRuns },
  )
}

/** Problems that are put into words: a person mends the first of them first. */
const mostExplained = 20

function invalid(error: z.ZodError, raw: unknown): EngineError {
  const problems = explainIssues(experimentFile, error.issues.slice(0, mostExplained), raw)
  const more = error.issues.length - mostExplained
  const said =
    problems.map(({ message }) => message).join(' ') + (more > 0 ? ` There are ${more} more problems like these.` : '')
  return new EngineError('experiment/invalid', `The experiment file cannot be used: ${said} Mend it and try again.`, {
    problems,
  })
}
