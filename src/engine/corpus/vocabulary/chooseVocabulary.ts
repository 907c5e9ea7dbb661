import type { PreprocessSettings } from '#protocol/experiment.ts'
import type { CountedTokens } from './countTokens.ts'
import { informationGainRatios } from './informationGainRatio.ts'
import { orderWords } from './orderWords.ts'

/** A word's code once the vocabulary is chosen: its number; or, from `firstRare` on, that of a rarer word; or `dropped`. */
export const firstRare = 0x80000000
export const dropped = 0xffffffff

export interface ChosenVocabulary {
  /** Kept words by falling count, then by code point. */
  kept: Uint32Array
  /** Ratio of each kept word; null where no cut was needed. */
  ratios: Float64Array | null
}

/** Place of each training document (element `row`) and -1 for others, and the number of places. */
export interface PlacesOfRows {
  of: Int32Array
  names: string[]
}

/**
 * Keeps the words that occur `minFrequency` times in training and, where these are more than `maxVocabulary`, those of
 * highest information gain ratio over places. Ties go by frequency, then by code point.
 */
export async function chooseVocabulary(
  { words, documents }: CountedTokens,
  { minFrequency, maxVocabulary }: PreprocessSettings,
  places: () => Promise<PlacesOfRows>,
  pause: (document: number) => Promise<void>,
): Promise<ChosenVocabulary> {
  const frequent = orderWords(words, words.select((id) => words.count(id) >= minFrequency))
  if (frequent.length <= maxVocabulary) return { kept: frequent, ratios: null }
  const { of, names } = await places()
  words.setAllCodes(dropped)
  frequent.forEach((id, number) => words.setCode(id, number))
  const { codes } = words
  let numbers = new Uint32Array(1 << 12)
  const all = await informationGainRatios({
    wordCount: frequent.length,
    labelCount: names.length,
    each: (visit) =>
      documents.each((document, ids) => {
        if (of[document]! < 0) return
        if (ids.length > numbers.length) numbers = new Uint32Array(2 * ids.length)
        let length = 0
        for (const id of ids) if (codes[id] !== dropped) numbers[length++] = codes[id]!
        visit(of[document]!, numbers, length)
      }, pause),
  })
  const best = orderWords(words, frequent, (index) => all[index]!).subarray(0, maxVocabulary)
  const kept = orderWords(words, best)
  return { kept, ratios: Float64Array.from(kept, (id) => all[codes[id]!]!) }
}
