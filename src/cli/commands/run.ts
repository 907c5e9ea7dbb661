import { resolve } from 'node:path'
import type { LabelSetSummary } from '#protocol/labelSets.ts'
import type { Plan, PlanStep } from '#protocol/project.ts'
import type { RunSummary } from '#protocol/runs.ts'
import { comparisonTable } from '#pure/comparison/comparisonTable.ts'
import { variantSuffix } from '#pure/conditionKey.ts'
import { durationText } from '#pure/durationText.ts'
import { printResult, textTable, type OutputOptions } from '../output.ts'
import { runJob } from '../runJob.ts'
import { runInParallel, stepsFailed } from '../parallel/runInParallel.ts'
import { withEngine } from '../withEngine.ts'

type Until = 'labels' | 'embedding' | 'training' | 'evaluation'
export interface RunOptions extends OutputOptions {
  project: string
  dryRun?: boolean
  only?: string[]
  /** How many processes work side by side; left out, one engine does one step after the other and stops at the first error. */
  jobs?: number
}

/** `run` and its shorter forms: the stages of an experiment file up to one. */
export async function run(file: string, until: Until, options: RunOptions): Promise<void> {
  const where = { file: resolve(file), project: resolve(options.project), until, only: options.only }
  const failed = options.jobs === undefined || options.dryRun ? [] : await runInParallel(where, options.jobs)
  if (failed.length > 0) throw stepsFailed(failed, file, options.project)
  await withEngine(async (engine) => {
    if (options.dryRun) {
      const plan = await engine.request('experiment.planFile', where)
      printResult(options, plan, () => planText(plan))
      return
    }
    let name = ''
    await runJob(engine, async () => {
      const { job, experiment } = await engine.request('experiment.runFile', where)
      name = experiment
      return { job }
    })
    if (until === 'labels') {
      const labels = await engine.request('experiment.labelSets', { name })
      printResult(options, { labels: labels.map(labelsJson) }, () => labelsText(labels))
      return
    }
    const runs = await engine.request('experiment.runs', { name })
    const json = { experiment: name, runs: runs.map(runJson) }
    if (until !== 'evaluation') {
      printResult(options, json, () => runsText(runs))
      return
    }
    const comparison = await engine.request('experiment.comparison', { name })
    printResult(options, json, () => comparisonTable(comparison))
  })
}

const labelsJson = ({
  name,
  id,
  labelCount,
  meanToCentreKm,
  centreToCityKm,
  oracleMedianKm,
  assignments,
  ...more
}: LabelSetSummary) => ({
  name,
  id,
  labelCount,
  meanToCentreKm,
  centreToCityKm,
  oracleMedianKm,
  assignments,
  ...more,
})

const runJson = ({ id, labels, model, preprocess, seed, status }: RunSummary) => ({
  id,
  labels,
  model,
  preprocess,
  seed,
  status,
})

/** The plan with its times, where this machine was measured. */
function planText({ experiment, steps }: Plan): string {
  const timed = steps.some(({ estimatedMs }) => estimatedMs !== undefined)
  const about = ({ state, estimatedMs }: PlanStep) =>
    state === 'done' ? '' : estimatedMs == null ? 'not known' : durationText(estimatedMs)
  const isSized = steps.some(({ state, memoryBytes }) => state !== 'done' && memoryBytes !== undefined)
  const memory = ({ state, memoryBytes }: PlanStep) =>
    state === 'done' || memoryBytes === undefined
      ? ''
      : `${Math.ceil(memoryBytes / 2 ** 20).toLocaleString('en-US')} MiB`
  const rows = steps.map((step) => [
    step.title,
    step.state,
    ...(timed ? [about(step)] : []),
    ...(isSized ? [memory(step)] : []),
    step.id,
  ])
  const total = steps.reduce((sum, { estimatedMs }) => sum + (estimatedMs ?? 0), 0)
  return [
    `Plan of "${experiment}"`,
    textTable([['step', 'state', ...(timed ? ['at most about'] : []), ...(isSized ? ['memory'] : []), 'id'], ...rows]),
    ...steps.flatMap(({ title, damaged }) => (damaged ? [`"${title}" is damaged and made again: ${damaged}`] : [])),
    timed
      ? `In all at most about ${durationText(total)}; training stops early where it no longer learns.`
      : 'Times: isogloss bench --self measures this machine once, in about a minute.',
  ].join('\n')
}

const runsText = (runs: RunSummary[]) =>
  textTable([
    ['run', 'labels', 'model', 'seed', 'status'],
    ...runs.map(({ id, labels, model, preprocess, seed, status }) => [
      id,
      labels ?? '-',
      `${model}${variantSuffix(preprocess)}`,
      seed === null ? '-' : String(seed),
      status,
    ]),
  ])

function labelsText(labels: LabelSetSummary[]): string {
  const unlabelledOf = ({ unlabelled }: LabelSetSummary) => unlabelled.train + unlabelled.dev + unlabelled.test
  const some = labels.some((set) => unlabelledOf(set) > 0)
  const head = ['mean to centre km', 'centre to city km', 'oracle median km', 'assignments']
  return textTable([
    ['labels', 'count', ...(some ? ['documents without'] : []), ...head],
    ...labels.map((set) => {
      const { name, labelCount, meanToCentreKm, centreToCityKm, oracleMedianKm, assignments } = set
      return [
        name,
        String(labelCount),
        ...(some ? [String(unlabelledOf(set))] : []),
        meanToCentreKm.toFixed(1),
        centreToCityKm.toFixed(1),
        oracleMedianKm.toFixed(1),
        assignments,
      ]
    }),
  ])
}
