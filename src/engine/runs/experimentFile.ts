import { readFile, readdir } from 'node:fs/promises'
import { dirname, join, resolve } from 'node:path'
import { isMap, parse, parseDocument, stringify, YAMLParseError } from 'yaml'
import type { z } from 'zod'
import { EngineError } from '#protocol/errors.ts'
import { experimentFile, type Experiment } from '#protocol/experiment.ts'
import { matrixOf } from '#pure/runMatrix.ts'
import { explainIssues, suggestion } from './explainIssues.ts'
import { portablePath, writeInProject } from './projectFolder.ts'

/**
 * Checks an experiment and fills in its defaults; corpus paths become absolute, taken from `baseDirectory`.
 * @throws EngineError 'experiment/invalid' that names each wrong key or value and the nearest known key
 */
export function parseExperiment(yaml: string, baseDirectory: string): Experiment {
  let raw: unknown
  try {
    raw = parse(yaml)
  } catch (error) {
    const where = error instanceof YAMLParseError && error.linePos ? ` in line ${error.linePos[0].line}` : ''
    const what = (error as Error).message.split('\n')[0]!.replace(/ at line \d+, column \d+:?$/, '')
    throw new EngineError('experiment/not-yaml', `The experiment is not valid YAML${where}: ${what}. Mend the file and try again.`)
  }
  const result = experimentFile.safeParse(raw)
  if (!result.success) throw invalid(result.error, raw)
  const experiment = withAbsolutePaths(result.data, baseDirectory)
  checkReferences(experiment)
  return experiment
}

export async function readExperimentFile(path: string): Promise<Experiment> {
  const yaml = await readFile(path, 'utf8').catch((cause: unknown) => {
    throw new EngineError('experiment/not-found', `There is no experiment file ${path}. Give the path of a YAML file.`, {}, { cause })
  })
  return parseExperiment(yaml, dirname(resolve(path)))
}

const folder = (project: string) => join(project, 'experiments')
const pathOf = (project: string, name: string) => join(folder(project), `${name}.yaml`)

/**
 * Writes experiments/NAME.yaml with every default filled in; files inside the project are named relative to it.
 * @param yaml the text that was parsed from that folder: its comments and order stay
 * @throws EngineError 'project/outside' where a link leads out of the project
 */
export async function saveExperiment(project: string, experiment: Experiment, yaml?: string): Promise<string> {
  const portable = mapCorpusFiles(experiment, (file) => portablePath(project, file, folder(project)))
  const text = yaml === undefined ? toYaml(portable) : withDefaults(yaml, portable)
  await writeInProject(project, pathOf(project, experiment.name), text)
  return text
}

const yamlStyle = { lineWidth: 110, flowCollectionPadding: false }

export const toYaml = (experiment: Experiment) => stringify(experiment, yamlStyle)

/** Adds to a text what it leaves to its defaults. */
function withDefaults(yaml: string, experiment: Experiment): string {
  const document = parseDocument(yaml)
  const fill = (path: string[], value: unknown) => {
    const there = document.getIn(path, true)
    if (there === undefined) document.setIn(path, document.createNode(value))
    else if (isMap(there)) for (const [key, inner] of Object.entries(value as object)) fill([...path, key], inner)
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
  const yaml = await readFile(pathOf(project, name), 'utf8')
  return { yaml, experiment: parseExperiment(yaml, folder(project)) }
}

export async function listExperiments(project: string): Promise<string[]> {
  const names = await readdir(folder(project)).catch(() => [] as string[])
  return names.flatMap((name) => /^(.+)\.yaml$/.exec(name)?.[1] ?? []).sort()
}

function mapCorpusFiles(experiment: Experiment, map: (file: string) => string): Experiment {
  const { corpus, embeddings } = experiment
  return {
    ...experiment,
    corpus: {
      ...corpus,
      train: corpus.train.map(map),
      ...(corpus.dev ? { dev: corpus.dev.map(map) } : {}),
      ...(corpus.test ? { test: corpus.test.map(map) } : {}),
    },
    embeddings: embeddings.method === 'file' ? { ...embeddings, file: map(embeddings.file) } : embeddings,
  }
}

const withAbsolutePaths = (experiment: Experiment, base: string) => mapCorpusFiles(experiment, (file) => resolve(base, file))

function checkReferences(experiment: Experiment): void {
  const { labels, models } = matrixOf(experiment)
  for (const [chosen, known, what] of [
    [labels, Object.keys(experiment.labels), 'labels'],
    [models, Object.keys(experiment.models), 'models'],
  ] as const) {
    for (const name of chosen) {
      if (known.includes(name)) continue
      throw new EngineError(
        'experiment/invalid',
        `matrix.${what} names "${name}", but ${what} defines ${known.join(', ')}. ${suggestion(name, known)}`,
        { path: `matrix.${what}` },
      )
    }
  }
}

function invalid(error: z.ZodError, raw: unknown): EngineError {
  const problems = explainIssues(experimentFile, error.issues, raw)
  const said = problems.map(({ message }) => message).join(' ')
  return new EngineError('experiment/invalid', `The experiment file cannot be used: ${said} Mend it and try again.`, { problems })
}
