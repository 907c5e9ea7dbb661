import type { Check } from '../check.ts'
import { noGeography } from './noGeography.ts'
import { nullOfRanking, ofLengthAlone, shuffledPlaces } from './nullOfRanking.ts'
import { plantedLines } from './plantedLines.ts'
import { plantedWords } from './plantedWords.ts'

/**
 * The methods of the explorer on data of which the truth is known: 300 planted lines, 1,000 fields without geography, words
 * with and without a home. What each figure should be stands beside it as its bound.
 */
const parts = { plantedLines, noGeography, plantedWords, nullOfRanking, shuffledPlaces, ofLengthAlone }

export const regions: Check = {
  async run({ size, say }) {
    const figures: Awaited<ReturnType<Check['run']>> = {}
    for (const [name, part] of Object.entries(parts)) {
      const started = performance.now()
      figures[name] = await part(size, (line) => say(`${name}: ${line}`))
      say(`${name} (${((performance.now() - started) / 1000).toFixed(0)} s): ${JSON.stringify(figures[name])}`)
    }
    return figures
  },
}
