import { resolve } from 'node:path'
import { comparisonTable } from '#pure/comparison/comparisonTable.ts'
import { printResult } from '../output.ts'
import { runJob } from '../runJob.ts'
import { withEngine } from '../withEngine.ts'
import { openExperiment, type CompareOptions } from './compare.ts'

export interface ImportPredictionsOptions extends CompareOptions {
  name: string
}

/** `import-predictions`: guesses of a system outside become a row of an experiment's comparison. */
export async function importPredictions(file: string, options: ImportPredictionsOptions): Promise<void> {
  await withEngine(async (engine) => {
    const name = await openExperiment(engine, options)
    await runJob(engine, () =>
      engine.request('experiment.importPredictions', { name, model: options.name, file: resolve(file) }),
    )
    const comparison = await engine.request('experiment.comparison', { name })
    printResult(options, comparison, () => comparisonTable(comparison))
  })
}
