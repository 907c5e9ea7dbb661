import { resolve } from 'node:path'
import type { PatternsAnswer } from '#protocol/patterns.ts'
import { EngineError } from '#protocol/errors.ts'
import { patternFigure, patternsFigure, placesOfPatterns } from '#pure/figures/patternsFigure.ts'
import { figureGround, figureSize, type FigureRequest } from '../figures/figureGround.ts'
import { printResult, textTable } from '../output.ts'
import { withEngine } from '../withEngine.ts'
import { writeAnswer } from './answerFile.ts'
import { ask, type QuestionOptions } from './questionOptions.ts'

export interface PatternsOptions extends QuestionOptions, FigureRequest {
  minInformants: number
  maxQ: number
  top: number
  include?: ('mentions' | 'hashtags' | 'names')[]
  factors?: number
  regions?: number
  bandwidthKm?: number
  /** All variables of the project in the words' stead. */
  variables?: boolean
  /** Some of them. */
  name?: string[]
  /** The factor that a figure shows, counted from 1. */
  factor?: number
  out?: string
}

const wordsOfFactor = 10

/** `patterns`: what the maps of words have in common, and the regions that come of it. */
export async function commonPatterns(options: PatternsOptions): Promise<void> {
  const { minInformants, maxQ, top, include, factors, regions, bandwidthKm, factor, out } = options
  const names = options.name ?? (options.variables ? await namesOfVariables(options.project) : null)
  const answer = await ask(options, {
    kind: 'patterns',
    minInformants,
    maxQ,
    top,
    include,
    factors,
    regions,
    bandwidthKm,
    ...(names && { questions: names.map((variable) => ({ variable })) }),
  })
  if (factor !== undefined && factor > answer.factors.length)
    throw new EngineError(
      'explorer/no-factor',
      `There are ${answer.factors.length} factors, and the figure was to show number ${factor}. Name one of these, or say --factors ${factor}.`,
    )
  if (out !== undefined)
    await writeAnswer(out, {
      geojson: () => ({
        type: 'FeatureCollection',
        features: [
          ...answer.territories.features.map((one) => ({
            ...one,
            properties: { ...one.properties, words: answer.regions[one.properties.region]!.words },
          })),
          ...answer.factors.flatMap(({ surface }, k) =>
            surface.features.map((one) => ({ ...one, properties: { factor: k + 1, ...one.properties } })),
          ),
          ...answer.cells.features,
        ],
      }),
      csv: () => [
        ['map', ...answer.factors.map((_, k) => `factor ${k + 1}`), 'communality'],
        ...answer.maps.map(({ name, loadings, communality }) => [name, ...loadings, communality]),
      ],
      figure: async () => {
        const ground = await figureGround(placesOfPatterns(answer), options)
        return factor === undefined
          ? patternsFigure(answer, ground, figureSize(options))
          : patternFigure(answer, factor, ground, figureSize(options))
      },
    })
  printResult(options, answer, () => patternsText(answer))
}

const namesOfVariables = (project: string): Promise<string[]> =>
  withEngine(async (engine) => {
    await engine.request('project.open', { directory: resolve(project) })
    return Object.keys(await engine.request('variables.read', {}))
  })

function patternsText(answer: PatternsAnswer): string {
  const { informants, cells, maps, fewSites, bandwidthKm, suggested, variances, dealt, factors, regions, reason } =
    answer
  const percent = (share: number) => `${(100 * share).toFixed(0)} %`
  const loaded = (factor: number, sign: 1 | -1) =>
    maps
      .filter(({ loadings }) => sign * loadings[factor]! > 0)
      .sort((a, b) => sign * (b.loadings[factor]! - a.loadings[factor]!))
      .slice(0, wordsOfFactor)
      .map(({ name, loadings }) => `${name} ${loadings[factor]!.toFixed(2)}`)
      .join(', ')
  return [
    `${maps.length} maps of ${informants} informants in ${cells.features.length} cells; kernel of ${bandwidthKm.toFixed(0)} km.` +
      (fewSites > 0 ? ` ${fewSites} words of few places are left out.` : ''),
    textTable([
      ['factor', 'variance', 'with coordinates dealt anew'],
      ...variances
        .slice(0, factors.length + 2)
        .map((value, k) => [String(k + 1), value.toFixed(2), dealt[k]!.toFixed(2)]),
    ]),
    `${suggested}${suggested === variances.length ? ' or more' : ''} ${suggested === 1 ? 'factor goes' : 'factors go'} beyond chance${suggested > factors.length && factors.length > 0 ? `; ${factors.length} are shown, --factors says how many` : ''}.`,
    ...(reason === null ? [] : [reason]),
    ...factors.flatMap(({ share }, k) => [
      `Factor ${k + 1}, ${percent(share)} of the variance.`,
      `  high: ${loaded(k, 1) || '-'}`,
      `  low: ${loaded(k, -1) || '-'}`,
    ]),
    ...(regions.length > 0
      ? [
          textTable([
            ['region', 'cells', 'informants', 'words'],
            ...regions.map(({ cells: count, informants: inside, words }, k) => [
              String(k + 1),
              String(count),
              String(inside),
              words.join(', '),
            ]),
          ]),
        ]
      : []),
  ].join('\n')
}
