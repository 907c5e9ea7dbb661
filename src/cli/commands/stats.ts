import { existsSync } from 'node:fs'
import { resolve } from 'node:path'
import { InvalidArgumentError } from 'commander'
import type { StatsAnswer, WeightsRule } from '#protocol/areaStatistics.ts'
import type { QuestionInput } from '#protocol/explorer.ts'
import { EngineError } from '#protocol/errors.ts'
import { areasFigure, placesOfAreas } from '#pure/figures/areasFigure.ts'
import { figureGround, figureSize, type FigureRequest } from '../figures/figureGround.ts'
import { printResult, textTable } from '../output.ts'
import { writeAnswer } from './answerFile.ts'
import { ask, type QuestionOptions } from './questionOptions.ts'

type Areas = Extract<QuestionInput, { kind: 'stats' }>['areas']

export interface StatsOptions extends QuestionOptions, Omit<FigureRequest, 'areas'> {
  areas?: string
  experiment?: string
  weights?: WeightsRule
  rates?: string
  out?: string
  name?: string
}

/** Areas that are listed in words; all are in the JSON. */
const mostListed = 20

/** `stats`: how a variant's rate lies over areas. */
export async function areaStats(variant: string | undefined, options: StatsOptions): Promise<void> {
  const { weights, rates } = options
  const answer =
    rates !== undefined
      ? await ask({ ...options, where: undefined }, { kind: 'rates', file: resolve(rates), users: variant, weights })
      : await ask(options, {
          kind: 'stats',
          variants: variant === undefined ? [] : [variant],
          variable: options.name,
          areas: areasOf(options),
          weights,
        })
  if (options.out !== undefined)
    await writeAnswer(options.out, {
      geojson: () => shapesOf(answer),
      csv: () => [
        ['id', 'name', 'lat', 'lon', 'informants', 'users', 'rate', 'smoothed', 'gStar', 'p', 'q', 'localMoran'],
        ...answer.areas.map((area) => [
          area.id,
          area.name ?? '',
          area.lat,
          area.lon,
          area.informants,
          area.users,
          area.rate,
          area.smoothed,
          area.gStar ?? '',
          area.p ?? '',
          area.q ?? '',
          area.localMoran ?? '',
        ]),
      ],
      figure: async () => {
        shapesOf(answer)
        const { grey, title, widthMm } = options
        const ground = await figureGround(placesOfAreas(answer), { widthMm })
        return areasFigure(answer, ground, figureSize({ grey, title, widthMm }))
      },
    })
  const { shapes: _, ...told } = answer
  printResult(options, told, () => statsText(answer))
}

/** `kd`, `hexagons:50`, a file: what there is under that name counts as a file. */
function areasOf({ areas, experiment }: StatsOptions): Areas {
  const hexagons = /^hexagons:([\d.]+)$/.exec(areas!)
  if (hexagons) return { kind: 'hexagons', km: Number(hexagons[1]) }
  if (existsSync(areas!) || /[\\/]|\.\w+$/.test(areas!)) return { kind: 'file', file: resolve(areas!) }
  return { kind: 'labels', labels: areas!, experiment }
}

/** `knn:5`, `band:100`, `kernel:50`, `contiguity`. */
export function parseWeights(text: string): WeightsRule {
  if (text === 'contiguity') return { kind: 'contiguity' }
  const [, kind, number] = /^(knn|band|kernel):(\d+(?:\.\d+)?)$/.exec(text) ?? []
  const value = Number(number)
  if (kind === 'knn' && Number.isInteger(value) && value > 0) return { kind, neighbours: value }
  if ((kind === 'band' || kind === 'kernel') && value > 0) return { kind, km: value }
  throw new InvalidArgumentError('Expected knn:5, band:100, kernel:50 (km) or contiguity.')
}

function shapesOf({ shapes }: StatsAnswer) {
  if (shapes) return shapes
  throw new EngineError(
    'explorer/no-shapes',
    'A table of areas has no outlines to draw. Write the answer as .csv, or take the counts from a GeoJSON of the areas.',
  )
}

function statsText(answer: StatsAnswer): string {
  const { areas, moran, ratesMoran, geary, joinCounts, reading } = answer
  const number = (value: number | null, digits = 3) => (value === null ? '-' : value.toFixed(digits))
  const pOf = (p: number | null) => (p === null ? '-' : p < 0.001 ? '< .001' : p.toFixed(3))
  const listed = areas
    .toSorted((a, b) => Math.abs(b.gStar ?? 0) - Math.abs(a.gStar ?? 0) || a.id.localeCompare(b.id))
    .slice(0, mostListed)
  return [
    ...(reading === undefined ? [] : [`Read as ${reading}.`]),
    `${answer.variant}: ${answer.users} of ${answer.informants} informants in ${areas.length} areas; neighbours are ${answer.weights}.`,
    ...(answer.outside > 0 ? [`${answer.outside} informants lie in no area.`] : []),
    ...(answer.empty > 0 ? [`${answer.empty} areas have no informant and are left out.`] : []),
    ...(answer.islands > 0 ? [`${answer.islands} areas have no neighbour.`] : []),
    `Moran's I ${number(moran.i)} (expected ${number(moran.expected)}), z ${number(moran.z, 2)}, p ${pOf(moran.p)}; of standardised rates ${number(ratesMoran.i)}, p ${pOf(ratesMoran.p)}.`,
    `Geary's C ${number(geary.c)}, z ${number(geary.z, 2)}, p ${pOf(geary.p)}.`,
    `Neighbours both above the overall share: ${joinCounts.above ? `${joinCounts.above.count} (expected ${number(joinCounts.above.expected, 1)}), z ${number(joinCounts.above.z, 2)}` : 'none'}.`,
    '',
    textTable([
      ['area', 'informants', 'rate', 'smoothed', 'Gi* z', 'local Moran', 'p', 'q'],
      ...listed.map((area) => [
        area.name === null ? area.id : `${area.id} ${area.name}`,
        String(area.informants),
        number(area.rate),
        number(area.smoothed),
        number(area.gStar, 2),
        number(area.localMoran, 2),
        pOf(area.p),
        pOf(area.q),
      ]),
    ]),
    ...(areas.length > mostListed
      ? [`The ${mostListed} with the greatest Gi* of ${areas.length}; --json has all.`]
      : []),
  ].join('\n')
}
