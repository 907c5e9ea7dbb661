import { EngineError } from '#protocol/errors.ts'
import { comparisonFigure } from '#pure/figures/comparisonFigure.ts'
import { errorMapFigure } from '#pure/figures/errorMapFigure.ts'
import { bundleFigure, placesOfBundle } from '#pure/figures/bundleFigure.ts'
import { isoglossFigure, placesOfLines } from '#pure/figures/isoglossFigure.ts'
import { labelsFigure } from '#pure/figures/labelsFigure.ts'
import { errorTailFigure, learningCurvesFigure } from '#pure/figures/runFigures.ts'
import { whereBetterFigure } from '#pure/figures/whereBetterFigure.ts'
import { wordMapFigure } from '#pure/figures/wordMapFigure.ts'
import { lonLatOf } from '#pure/maps/siteColumns.ts'
import type { RunSummary } from '#protocol/runs.ts'
import type { EngineClient } from '../engineClient.ts'
import { figureGround, figureSize, type FigureRequest } from '../figures/figureGround.ts'
import { isFigure, unknownEnding, writeFigure } from '#engine/files/figureFile.ts'
import { print } from '../output.ts'
import { withEngine } from '../withEngine.ts'
import { fetchComparison, openExperiment } from './compare.ts'
import { ask } from './questionOptions.ts'

export const figureKinds = ['word-map', 'isogloss', 'bundle', 'labels', 'error-map', 'error-tail', 'learning-curves', 'comparison', 'where-better'] as const // prettier-ignore

export interface FigureExport extends FigureRequest {
  project: string
  figure: (typeof figureKinds)[number]
  out: string
  experiment?: string
  labels?: string
  run?: string
  corpus?: string
  /** Areas of one's own that words are shown in. */
  clip?: string
  /** Two conditions. */
  contrast?: string[]
  /** A question each: variants with ` | ` between them. */
  variants?: string[]
  /** Variables of the project, a question each. */
  name?: string[]
}

/** `export --figure`: what the program shows, as a file for print. */
export async function exportFigure(options: FigureExport): Promise<void> {
  if (!isFigure(options.out)) throw unknownEnding(options.out)
  await writeFigure(options.out, await drawn(options))
  print(`${options.out}: ${options.figure}, ${options.widthMm} mm wide`)
}

function drawn(options: FigureExport): Promise<string> {
  switch (options.figure) {
    case 'word-map':
    case 'isogloss':
    case 'bundle':
      return drawnQuestion(options)
    case 'labels':
    case 'error-map':
    case 'error-tail':
    case 'learning-curves':
    case 'comparison':
    case 'where-better':
      return withEngine((engine) => drawnResult(engine, options))
  }
}

async function drawnQuestion(options: FigureExport): Promise<string> {
  const { clip } = options
  const questions: { variants?: string[]; variable?: string }[] = [
    ...(options.variants ?? []).map((one) => ({ variants: one.split(' | ') })),
    ...(options.name ?? []).map((variable) => ({ variable })),
  ]
  if (questions.length === 0)
    throw new EngineError(
      'export/no-variants',
      `A figure of the kind ${options.figure} shows words, and none were named. Add --variants 'soda | pop' or --name VARIABLE (for a bundle several times).`,
    )
  if (options.figure === 'word-map') {
    const answer = await ask(options, { kind: 'map', ...questions[0]!, clip })
    return wordMapFigure(answer, await figureGround(lonLatOf(answer.points), options), figureSize(options))
  }
  if (options.figure === 'bundle') {
    const answer = await ask(options, { kind: 'bundle', questions, clip })
    return bundleFigure(answer, await figureGround(placesOfBundle(answer), options), figureSize(options))
  }
  const answer = await ask(options, { kind: 'line', ...questions[0]!, clip })
  return isoglossFigure(answer, await figureGround(placesOfLines([answer]), options), figureSize(options))
}

async function drawnResult(engine: EngineClient, options: FigureExport): Promise<string> {
  const size = figureSize(options)
  if (options.figure === 'comparison') return comparisonFigure(await fetchComparison(engine, options), size)
  const experiment = await openExperiment(engine, options)
  if (options.figure === 'where-better') return drawnDifferences(engine, experiment, options)
  if (options.figure === 'labels') {
    if (options.labels === undefined)
      throw new EngineError(
        'export/no-labels',
        'The figure shows the territories of one label scheme, and none was named. Add --labels with its name, such as --labels p2c.',
      )
    const labels = await engine.request('labels.map', { experiment, labels: options.labels })
    return labelsFigure(labels, await figureGround(labels.points, options), size)
  }
  const runs = await finishedRuns(engine, experiment, options.run)
  if (options.figure === 'learning-curves') {
    const curves = await Promise.all(
      runs.map(async (run) => ({ run, epochs: await engine.request('run.metrics', { run: run.id }) })),
    )
    const learnt = curves.filter(({ epochs }) => epochs.length > 0)
    if (learnt.length === 0)
      throw new EngineError(
        'export/no-epochs',
        `No run of ${experiment} learns in epochs: there are no learning curves.`,
      )
    return learningCurvesFigure(learnt, experiment, size)
  }
  if (options.figure === 'error-tail')
    return errorTailFigure(
      await Promise.all(runs.map((run) => engine.request('run.errors', { run: run.id }))),
      experiment,
      size,
    )
  const errors = await engine.request('run.errors', { run: runs[0]!.id })
  return errorMapFigure(errors, await figureGround(errors.trueLonLat, options), size)
}

async function drawnDifferences(engine: EngineClient, experiment: string, options: FigureExport): Promise<string> {
  const found = await engine.request('experiment.areaDifferences', { name: experiment })
  const { contrast } = options
  const pair = found.pairs.find(({ a, b }) => contrast === undefined || (contrast.includes(a) && contrast.includes(b)))
  if (!pair)
    throw new EngineError(
      'export/no-contrast',
      `${experiment} has no contrast ${(contrast ?? []).join(' ') || 'at all'}; it has ${found.pairs.map(({ a, b }) => `${a} ${b}`).join(', ') || 'none'}. Name two conditions of one with --contrast, or more under evaluation.contrasts.`,
    )
  const corners = Float32Array.from(found.areas.flatMap(({ rings }) => rings.flat(2)))
  return whereBetterFigure(found, pair, await figureGround(corners, options), figureSize(options))
}

/** The finished runs of an experiment, or the one that is named by its id. */
async function finishedRuns(
  engine: EngineClient,
  experiment: string,
  wanted: string | undefined,
): Promise<RunSummary[]> {
  const all = await engine.request('experiment.runs', { name: experiment })
  const finished = all.filter(({ id, status }) => status === 'finished' && (wanted === undefined || id === wanted))
  if (finished.length > 0) return finished
  throw new EngineError(
    'export/no-run',
    wanted === undefined
      ? `No run of ${experiment} is finished. Run: isogloss run ${experiment}.yaml`
      : `${experiment} has no finished run ${wanted}; it has ${all.map(({ id, labels, model }) => `${id} (${labels}/${model})`).join(', ') || 'none'}. Name one of these.`,
  )
}
