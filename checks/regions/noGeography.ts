import { quietContext } from '#engine/context.ts'
import { geographyTest } from '#engine/regions/geographyTest.ts'
import { plantedField } from '#engine/regions/testing/plantedField.ts'
import type { Figures, Size } from '../check.ts'

const crowds = [
  [40, 60],
  [80, 200],
  [150, 600],
  [300, 1500],
] as const

/** Fields of one share everywhere, half of them with site effects: how often is there said to be geography? */
export async function noGeography(size: Size, say: (line: string) => void): Promise<Figures> {
  const count = size === 'small' ? 60 : 1000
  const rejected = { without: 0, with: 0 }
  for (let number = 0; number < count; number++) {
    const [sites, informants] = crowds[(number >> 1) % crowds.length]!
    const kind = number % 2 ? 'with' : 'without'
    const field = plantedField({ sites, informants, siteEffectSd: kind === 'with' ? 0.6 : 0, seed: 1000 + number })
    const { p } = await geographyTest(field.sites, { flips: 1999, seed: number }, quietContext)
    if (p < 0.05) rejected[kind]++
    if (number % 200 === 199) say(`${number + 1} of ${count}`)
  }
  return {
    fields: count,
    'a line, at most .07': (rejected.with + rejected.without) / count,
    'without site effects': rejected.without / (count / 2),
    'with site effects': rejected.with / (count / 2),
  }
}
