import { resolve } from 'node:path'
import type { Granularity, Oracle } from '#protocol/labelSets.ts'
import { printResult, textTable, type OutputOptions } from '../output.ts'
import { runJob } from '../runJob.ts'
import { withEngine } from '../withEngine.ts'

export interface SweepOptions extends OutputOptions {
  project: string
  buckets?: number[]
  radii?: number[]
}

/** `labels --sweep`: how fine labels are for several buckets and radii, and what the best classifier would reach with them. */
export async function sweepLabels(file: string, { project, buckets, radii, ...output }: SweepOptions): Promise<void> {
  await withEngine(async (engine) => {
    let name = ''
    await runJob(engine, async () => {
      const where = { file: resolve(file), project: resolve(project) }
      const { job, experiment } = await engine.request('experiment.sweepFile', { ...where, buckets, radiiKm: radii })
      name = experiment
      return { job }
    })
    const sweep = await engine.request('experiment.sweepResult', { name })
    printResult(output, { sweep }, () => sweepText(sweep))
  })
}

function sweepText(sweep: Granularity[]): string {
  const hasTest = sweep.some(({ oracle }) => oracle.test !== null)
  const folds = hasTest ? (['train', 'test'] as const) : (['train'] as const)
  const head = ['labels', 'count', 'mean to centre km', 'median', 'centre to city km']
  const rows = sweep.map((row) => [
    row.method === 'kd-tree' ? `k-d bucket ${row.bucket}` : `P2C ${row.radiusKm} km`,
    String(row.labelCount),
    row.meanToCentreKm.toFixed(1),
    row.medianToCentreKm.toFixed(1),
    row.centreToCityKm.toFixed(1),
    ...folds.flatMap((fold) => oracleCells(row.oracle[fold])),
  ])
  return textTable([[...head, ...folds.flatMap((fold) => [`oracle ${fold} Acc@161`, 'mean km', 'median km'])], ...rows])
}

const oracleCells = (oracle: Oracle | null): string[] =>
  oracle === null
    ? ['', '', '']
    : [`${(100 * oracle.accuracyAt161Km).toFixed(1)} %`, oracle.meanErrorKm.toFixed(1), oracle.medianErrorKm.toFixed(1)]
