import type { FigureOptions } from './frame.ts'
import { hexagonsFigure } from './hexagonsFigure.ts'
import type { Ground } from './landOfFigure.ts'
import { rangeText } from './numbers.ts'

/** Where many texts were placed. */
export interface PlacedTexts {
  /** Degrees, 2 x n. */
  lonLat: Float32Array
  /** Of each label; null where the model knows none. */
  probabilities: number[] | null
}

/** Answers of one run about several texts. */
export function placedTexts(answers: { lat: number; lon: number; probability: number | null }[]): PlacedTexts {
  const probabilities = answers.flatMap(({ probability }) => probability ?? [])
  return {
    lonLat: Float32Array.from(answers.flatMap(({ lon, lat }) => [lon, lat])),
    probabilities: probabilities.length === answers.length ? probabilities : null,
  }
}

/** Classes of median probabilities. */
const steps = [0, 0.1, 0.2, 0.4, 0.6, 0.8]

/** Where texts were placed, and how certainly: the median probability of the label by hexagon. */
export const predictionsFigure = (
  { lonLat, probabilities }: PlacedTexts,
  ground: Ground,
  options: FigureOptions,
): string =>
  hexagonsFigure(
    {
      lonLat,
      values: probabilities ?? new Float32Array(lonLat.length / 2),
      steps: probabilities ? steps : [0],
      classText: (step, next) =>
        probabilities === null
          ? 'texts'
          : step === 0
            ? `probability under ${next}`
            : rangeText(`${step}`, next === undefined ? null : `${next}`),
      title: 'Where the texts were placed',
      told: probabilities ? 'Median probability of the label' : 'Texts',
      things: 'texts',
    },
    ground,
    options,
  )
