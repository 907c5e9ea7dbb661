import { resolve } from 'node:path'
import { EngineError } from '#protocol/errors.ts'
import type { Comparison } from '#protocol/results.ts'
import { comparisonTable } from '#engine/evaluation/comparisonTable.ts'
import type { EngineClient } from '../engineClient.ts'
import { printResult, type OutputOptions } from '../output.ts'
import { withEngine } from '../withEngine.ts'

export interface CompareOptions extends OutputOptions {
  project: string
  experiment?: string
}

/** `compare`: the comparison of an experiment's finished runs; without a name, of the experiment that ran last. */
export async function compare(options: CompareOptions): Promise<void> {
  await withEngine(async (engine) => {
    const comparison = await fetchComparison(engine, options)
    printResult(options, comparison, () => comparisonTable(comparison))
  })
}

export async function fetchComparison(engine: EngineClient, options: CompareOptions): Promise<Comparison> {
  return engine.request('experiment.comparison', { name: await openExperiment(engine, options) })
}

/** Opens the project; the name of the experiment that is meant. */
export async function openExperiment(engine: EngineClient, { project, experiment }: CompareOptions): Promise<string> {
  await engine.request('project.open', { directory: resolve(project) })
  const name = experiment ?? (await engine.request('project.lastExperiment', {})).name
  if (name === null) {
    throw new EngineError('evaluation/no-runs', `No experiment has run in ${project} yet; a comparison needs one. Run: isogloss run EXPERIMENT.yaml --project ${project}`)
  }
  return name
}
