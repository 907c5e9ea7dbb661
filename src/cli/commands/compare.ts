import { resolve } from 'node:path'
import { EngineError } from '#protocol/errors.ts'
import type { Comparison } from '#protocol/results.ts'
import { comparisonPicture } from '#engine/evaluation/comparisonPicture.ts'
import { comparisonCsv, comparisonLatex, comparisonTable } from '#engine/evaluation/comparisonTable.ts'
import type { EngineClient } from '../engineClient.ts'
import { print, printResult, type OutputOptions } from '../output.ts'
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

export interface ExportOptions extends CompareOptions {
  format: 'text' | 'latex' | 'csv' | 'svg'
}

const writers: Record<ExportOptions['format'], (comparison: Comparison) => string> = {
  text: comparisonTable,
  latex: comparisonLatex,
  csv: comparisonCsv,
  svg: comparisonPicture,
}

/** `export`: the comparison as a table or a picture, on standard output. */
export async function exportComparison(options: ExportOptions): Promise<void> {
  await withEngine(async (engine) => print(writers[options.format](await fetchComparison(engine, options))))
}

async function fetchComparison(engine: EngineClient, { project, experiment }: CompareOptions): Promise<Comparison> {
  await engine.request('project.open', { directory: resolve(project) })
  const name = experiment ?? (await engine.request('project.lastExperiment', {})).name
  if (name === null) {
    throw new EngineError('evaluation/no-runs', `No experiment has run in ${project} yet; a comparison needs one. Run: isogloss run EXPERIMENT.yaml --project ${project}`)
  }
  return engine.request('experiment.comparison', { name })
}
