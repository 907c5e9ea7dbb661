import { rollup } from 'd3-array'
import { judgeIsogloss, type JudgedIsogloss } from '#engine/regions/testing/judgeIsogloss.ts'
import { plantedField, type PlantedFieldOptions } from '#engine/regions/testing/plantedField.ts'
import type { Figures, Size } from '../check.ts'

const widthsKm = [5, 20, 50, 100, 150]
const forms = ['straight', 'curved', 'closed'] as const
/** Sites and informants. */
const crowds = [
  [40, 60],
  [80, 200],
  [150, 600],
  [300, 1500],
  [500, 3000],
  [1500, 3000],
] as const

interface Row {
  options: PlantedFieldOptions
  judged: JudgedIsogloss
}

/** Lines of five widths, three forms and six crowds, plateaus and site effects in turn: is the truth where the bands are? */
export async function plantedLines(size: Size, say: (line: string) => void): Promise<Figures> {
  const count = size === 'small' ? 24 : 300
  const rows: Row[] = []
  for (let number = 0; number < count; number++) {
    const options = fieldOptions(number)
    const judged = await judgeIsogloss(plantedField(options), { cells: 80, level: 0.9, seed: number })
    if (judged) rows.push({ options, judged })
    if (number % 20 === 19) say(`${number + 1} of ${count}`)
  }
  return {
    fields: count,
    unsupported: count - rows.length,
    'pointwise share, .86 to .95': mean(rows, ({ judged }) => judged.pointwise),
    'least pointwise share of a width, .82': least(rows, ({ options }) => options.line!.widthKm),
    'least pointwise share of a form, .82': least(rows, ({ options }) => options.line!.form!),
    'least pointwise share of a crowd, .82': least(rows, ({ options }) => options.sites),
    'pointwise area, at most .35': mean(rows, ({ judged }) => judged.pointwiseArea),
    'simultaneous whole, at least .88': mean(rows, ({ judged }) => Number(judged.simultaneous === 1)),
    'simultaneous area, at most .75': mean(rows, ({ judged }) => judged.simultaneousArea),
    "distance over the kernel surface's, at most .8": distanceRatio(rows),
    'width bound holds, at least .90': mean(rows, ({ options, judged }) => Number(holds(options, judged))),
    'pointwise share by crowd': classes(rows, ({ options }) => options.sites),
    'pointwise share by width': classes(rows, ({ options }) => options.line!.widthKm),
    'pointwise share by form': classes(rows, ({ options }) => options.line!.form!),
  }
}

/** Width, form and crowd run through all 90 of their combinations; plateaus and site effects change with the round. */
function fieldOptions(number: number): PlantedFieldOptions {
  const [sites, informants] = crowds[number % 6]!
  const round = Math.floor(number / 6)
  return {
    sites,
    informants,
    seed: number,
    siteEffectSd: (number >> 1) % 2 ? 0.6 : 0,
    line: {
      widthKm: widthsKm[round % 5]!,
      form: forms[Math.floor(round / 5) % 3],
      plateaus: (number + round) % 2 ? [0.2, 0.8] : [0.01, 0.99],
    },
  }
}

const holds = ({ line }: PlantedFieldOptions, { found }: JudgedIsogloss) =>
  found.transition === null || found.transition.atMostKm === null || found.transition.atMostKm >= line!.widthKm

/** Median over the fields in which both have a line, of ours over that of the surface's. */
function distanceRatio(rows: Row[]): number {
  const both = rows.filter(({ judged }) => judged.medianKm < Infinity && judged.surfaceMedianKm < Infinity)
  return median(both.map(({ judged }) => judged.medianKm)) / median(both.map(({ judged }) => judged.surfaceMedianKm))
}

const mean = <Item>(items: Item[], of: (item: Item) => number) =>
  items.reduce((sum, item) => sum + of(item), 0) / items.length
const median = (values: number[]) => values.sort((a, b) => a - b)[values.length >> 1]!

function classes(rows: Row[], classOf: (row: Row) => string | number): Record<string, number> {
  return Object.fromEntries(rollup(rows, (group) => mean(group, ({ judged }) => judged.pointwise), classOf))
}
const least = (rows: Row[], classOf: (row: Row) => string | number) =>
  Math.min(...Object.values(classes(rows, classOf)))
