import type { WordNeighbour } from '#protocol/runs.ts'
import { printResult, textTable, type OutputOptions } from '../output.ts'
import { withEngine } from '../withEngine.ts'
import { openExperiment, type CompareOptions } from './compare.ts'

export interface NeighboursOptions extends CompareOptions, OutputOptions {
  count: number
  /** Variant of the texts. */
  preprocess?: string
}

/** `neighbours`: the words whose vectors are nearest to those of each word. */
export async function neighbours(words: string[], options: NeighboursOptions): Promise<void> {
  await withEngine(async (engine) => {
    const experiment = await openExperiment(engine, options)
    const found: { word: string; neighbours: WordNeighbour[] }[] = []
    for (const word of words) {
      found.push({
        word,
        neighbours: await engine.request('embedding.neighbours', {
          experiment,
          preprocess: options.preprocess,
          word,
          count: options.count,
        }),
      })
    }
    printResult(options, { experiment, words: found }, () => found.map(neighboursText).join('\n\n'))
  })
}

const neighboursText = ({ word, neighbours: near }: { word: string; neighbours: WordNeighbour[] }) =>
  textTable([
    [`nearest to "${word}"`, 'cosine', 'occurrences'],
    ...near.map(({ word: other, cosine, count }) => [other, cosine.toFixed(3), String(count)]),
  ])
