import type { SkipGramSettings } from '#protocol/experiment.ts'
import { seededRandom } from '#engine/random.ts'
import { aliasTable } from '../aliasTable.ts'
import type { SkipGramInput } from '../prepareSkipGram.ts'
import { randomVectors } from '../randomVectors.ts'

/**
 * What the kernel computes, slowly and in float64: one worker, words numbered by falling count, a window's negatives
 * shared by its context words and drawn in the kernel's order; tiles of context words and targets as the kernel has them.
 * @returns vectors of words and of words as centres, words x dimensions
 */
export function trainSkipGramSlowly(
  { ids, offsets, documents, vocabularySize }: SkipGramInput,
  { dimensions, window, negatives, sample, epochs, learningRate, seed }: SkipGramSettings,
): { input: number[][]; output: number[][] } {
  const counts = new Float64Array(vocabularySize)
  for (const document of documents) for (let i = offsets[document]!; i < offsets[document + 1]!; i++) counts[ids[i]!]!++
  const words = counts.reduce((sum, count) => sum + count, 0)
  const byRank = Array.from(counts.keys()).sort((a, b) => counts[b]! - counts[a]! || a - b)
  const { threshold, alias } = aliasTable(Float64Array.from(byRank, (word) => counts[word]! ** 0.75))
  const start = randomVectors(vocabularySize, dimensions, seed).values
  const input = Array.from(counts.keys(), (word) =>
    Array.from(start.subarray(word * dimensions, (word + 1) * dimensions)),
  )
  const output = Array.from(counts.keys(), () => new Array<number>(dimensions).fill(0))

  const random = seededRandom(seed, 1000)
  const bits = () => random.next() * 2 ** 32
  const below = (bound: number) => Math.floor(random.next() * bound)
  const negative = () => {
    const rank = below(vocabularySize)
    return byRank[bits() < threshold[rank]! ? rank : alias[rank]!]!
  }
  const keep = (word: number) => {
    const frequency = counts[word]! / words
    return sample === 0 ? 1 : Math.min(1, Math.sqrt(sample / frequency) + sample / frequency)
  }

  for (let epoch = 0; epoch < epochs; epoch++) {
    let seen = 0
    for (const document of documents) {
      const text = Array.from(ids.subarray(offsets[document], offsets[document + 1]))
      const rate = Math.max(1e-4, learningRate * (1 - (epoch * words + seen) / (epochs * words)))
      seen += text.length
      const kept = text.filter((word) => random.next() <= keep(word))
      kept.forEach((centre, place) => {
        const reach = below(window) + 1
        const context = kept.filter((_, i) => i !== place && Math.abs(i - place) <= reach)
        if (context.length === 0) return
        // Five negatives are drawn at a time; one that is drawn twice among them counts twice, in its first slot.
        for (let drawn = 0; drawn < negatives; drawn += 5) {
          const slots: (Target | null)[] = [drawn === 0 ? { word: centre, label: 1, rate } : null]
          for (let j = drawn; j < drawn + 5; j++) {
            const word = j < negatives ? negative() : centre
            const earlier = slots.slice(1).find((slot) => slot?.word === word)
            if (earlier) earlier.rate += rate
            slots.push(earlier || word === centre ? null : { word, label: 0, rate })
          }
          trainWindow(context, slots)
        }
      })
    }
  }
  return { input, output }

  function trainWindow(context: number[], slots: (Target | null)[]) {
    for (let i = 0; i < context.length;) {
      const words = context.slice(i, i + 2)
      if (words[0] === words[1]) words.pop()
      i += words.length
      const errors = words.map((word) =>
        slots.map((slot) =>
          slot ? (slot.label - 1 / (1 + Math.exp(-dot(input[word]!, output[slot.word]!)))) * slot.rate : 0,
        ),
      )
      const tile = words.length === 2 ? 3 : 6
      for (let first = 0; first < slots.length; first += tile) {
        const x = words.map((word) => [...input[word]!])
        const targets = slots.map((slot, j) => ({ slot, j })).slice(first, first + tile)
        for (const { slot, j } of targets) {
          if (!slot) continue
          const y = [...output[slot.word]!]
          words.forEach((word, w) => {
            for (let k = 0; k < dimensions; k++) {
              output[slot.word]![k]! += errors[w]![j]! * x[w]![k]!
              input[word]![k]! += errors[w]![j]! * y[k]!
            }
          })
        }
      }
    }
  }
}

interface Target {
  word: number
  label: 0 | 1
  rate: number
}

const dot = (x: number[], y: number[]) => x.reduce((sum, value, k) => sum + value * y[k]!, 0)
