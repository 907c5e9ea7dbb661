import { resolve } from 'node:path'
import { publishedCorpus } from '#protocol/experiment.ts'
import { EngineError } from '#protocol/errors.ts'
import type { Comparison, ComparisonSlices } from '#protocol/comparison.ts'
import { areaDifferencesTable } from '#pure/comparison/areaDifferencesTable.ts'
import { comparisonCsv } from '#pure/comparison/comparisonCsv.ts'
import { comparisonLatex } from '#pure/comparison/comparisonLatex.ts'
import { experimentsCsv, experimentsLatex, experimentsTable } from '#pure/comparison/experimentsTable.ts'
import { paperCsv, paperLatex, paperTable, type PaperColumn } from '#pure/comparison/paperTable.ts'
import { comparisonTable } from '#pure/comparison/comparisonTable.ts'
import type { EngineClient } from '../engineClient.ts'
import { printResult, textTable, type OutputOptions } from '../output.ts'
import { withEngine } from '../withEngine.ts'

export interface CompareOptions extends OutputOptions {
  project: string
  experiment?: string
}

export const tableFormats = ['text', 'csv', 'latex'] as const

export interface CompareManyOptions extends OutputOptions {
  project: string
  /** Several of them are compared on the test documents that they share. */
  experiment?: string[]
  by?: string
  /** Where one of two conditions is better. */
  where?: boolean
  /** Published results beside ours. */
  table?: 'paper'
  format: (typeof tableFormats)[number]
}

/**
 * `compare`: the comparison of an experiment's finished runs, of several experiments, or their results by a column of the
 * corpus; without a name, of the experiment that ran last.
 */
export async function compare({ experiment: names = [], ...given }: CompareManyOptions): Promise<void> {
  const options = { ...given, experiment: names[0] }
  const experiments = [...new Set(names)]
  await withEngine(async (engine) => {
    if (options.table === 'paper') {
      const columns = await paperColumns(engine, options, experiments)
      const write = { text: paperTable, csv: paperCsv, latex: paperLatex }[options.format]
      printResult(options, columns, () => write(columns))
      return
    }
    if (experiments.length > 1) {
      await openExperiment(engine, options)
      const comparison = await engine.request('experiment.across', { names: experiments })
      const write = { text: experimentsTable, csv: experimentsCsv, latex: experimentsLatex }[options.format]
      printResult(options, comparison, () => write(comparison))
      return
    }
    if (options.where) {
      const differences = await engine.request('experiment.areaDifferences', {
        name: await openExperiment(engine, options),
      })
      printResult(options, differences, () => areaDifferencesTable(differences))
      return
    }
    if (options.by !== undefined) {
      const slices = await engine.request('experiment.slices', {
        name: await openExperiment(engine, options),
        column: options.by,
      })
      printResult(options, slices, () => slicesText(slices))
      return
    }
    const comparison = await fetchComparison(engine, options)
    const write = { text: comparisonTable, csv: comparisonCsv, latex: comparisonLatex }[options.format]
    printResult(options, comparison, () => write(comparison))
  })
}

/** The comparisons of some experiments, each with the published corpus that its file names. */
async function paperColumns(
  engine: EngineClient,
  options: CompareOptions,
  experiments: string[],
): Promise<PaperColumn[]> {
  const last = await openExperiment(engine, options)
  const columns: PaperColumn[] = []
  for (const name of experiments.length > 0 ? experiments : [last]) {
    const { published } = (await engine.request('experiment.read', { name })).experiment.evaluation
    if (!published)
      throw new EngineError(
        'evaluation/no-published',
        `The experiment "${name}" does not say which published corpus it is on. Set evaluation.published to one of ${publishedCorpus.options.join(', ')}.`,
      )
    columns.push({ corpus: published, comparison: await engine.request('experiment.comparison', { name }) })
  }
  return columns
}

export async function fetchComparison(engine: EngineClient, options: CompareOptions): Promise<Comparison> {
  return engine.request('experiment.comparison', { name: await openExperiment(engine, options) })
}

/** Opens the project; the name of the experiment that is meant. */
export async function openExperiment(engine: EngineClient, { project, experiment }: CompareOptions): Promise<string> {
  await engine.request('project.open', { directory: resolve(project) })
  const name = experiment ?? (await engine.request('project.lastExperiment', {})).name
  if (name === null) {
    throw new EngineError(
      'evaluation/no-runs',
      `No experiment has run in ${project} yet; a comparison needs one. Run: isogloss run EXPERIMENT.yaml --project ${project}`,
    )
  }
  return name
}

/** Slices that a terminal shows; JSON has all. */
const shownSlices = 30

function slicesText({ experiment, column, slices }: ComparisonSlices): string {
  const percent = (share: number | null) => (share === null ? '-' : (100 * share).toFixed(1))
  const rows = slices
    .slice(0, shownSlices)
    .flatMap(({ value, documents, results }) =>
      results.map(({ labels, model, accuracy, accuracyAt161Km, meanErrorKm, medianErrorKm }) => [
        value ?? '(empty)',
        String(documents),
        `${labels} ${model}`,
        percent(accuracy),
        percent(accuracyAt161Km),
        meanErrorKm.toFixed(1),
        medianErrorKm.toFixed(1),
      ]),
    )
  const more = slices.length - shownSlices
  return [
    `${experiment} by ${column}`,
    textTable([[column, 'documents', '', 'Acc %', 'Acc@161 %', 'mean km', 'median km'], ...rows]),
    ...(more > 0 ? [`and ${more} more values with fewer documents (--json has all)`] : []),
  ].join('\n')
}
