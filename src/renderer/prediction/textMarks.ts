import type { Attention, Prediction } from '#protocol/runs.ts'

/** A stretch of a document whose letters all have the same attention position and the same word. */
export interface TextPiece {
  start: number
  text: string
  /** Index into prediction.attention, or -1. */
  position: number
  /** Index into the effects' words, or -1. */
  word: number
}

type Span = { start: number; end: number }

/** What each word does to the label's score. */
export interface WordEffects {
  /** By occlusion (the log-odds' change, as the network answers), or exactly (what the word adds to the log-probability). */
  kind: 'occlusion' | 'contributions'
  /** What changes, in words. */
  measure: 'log-odds' | 'log-probability' | 'log density'
  /** Change of the score when the word is taken out: negative where the word speaks for the label. */
  words: { start: number; end: number; change: number }[]
}

/** The effects that a prediction tells; null where its method can tell none. */
export function wordEffects(
  prediction: Partial<Pick<Prediction, 'occlusion' | 'contributions' | 'density'>> | null,
): WordEffects | null {
  if (prediction?.contributions)
    return {
      kind: 'contributions',
      measure: 'log-probability',
      words: prediction.contributions.map(({ start, end, value }) => ({ start, end, change: -value })),
    }
  if (!prediction?.occlusion) return null
  return { kind: 'occlusion', measure: prediction.density ? 'log density' : 'log-odds', words: prediction.occlusion }
}

/** What must not be parted from the letter before it: combining marks, joiners, variation selectors, low surrogates. */
const continues = /^[\p{M}\u200c\u200d\ufe0e\ufe0f]/u

function wholeEnd(text: string, end: number): number {
  let at = end
  while (at < text.length) {
    const code = text.charCodeAt(at)
    const low = code >= 0xdc00 && code <= 0xdfff
    if (!low && !continues.test(text.slice(at, at + 2))) break
    at++
  }
  return at
}

function paint(text: string, spans: Span[]): Int32Array {
  const owner = new Int32Array(text.length).fill(-1)
  spans.forEach(({ start, end }, i) => {
    const from = wholeEnd(text, Math.max(0, start))
    owner.fill(i, from, wholeEnd(text, Math.min(text.length, end)))
  })
  return owner
}

/**
 * Cuts a text where attention positions or words begin and end. Cuts never part a letter from its combining
 * marks. Where spans overlap the later one is kept; offsets beyond the text are cut off.
 */
export function markText(
  text: string,
  marks: Partial<Pick<Prediction, 'attention' | 'occlusion' | 'contributions'>> | null,
): TextPiece[] {
  const positions = paint(text, marks?.attention ?? [])
  const words = paint(text, wordEffects(marks)?.words ?? [])
  const pieces: TextPiece[] = []
  let start = 0
  for (let i = 1; i <= text.length; i++) {
    if (i < text.length && positions[i] === positions[start] && words[i] === words[start]) continue
    pieces.push({ start, text: text.slice(start, i), position: positions[start]!, word: words[start]! })
    start = i
  }
  return pieces
}

/** Weights as multiples of the document's uniform weight: 1 is what every position would get without attention. */
export function relativeWeights(attention: Attention[]): number[] {
  return attention.map(({ weight }) => weight * attention.length)
}

/** A multiple of the uniform weight at which attention is drawn at full strength. */
export const fullAttention = 4

/** The change at which a word is shaded fully: the largest in the document, and at least this much, so that noise stays pale. */
const leastFullChange = 0.5

export function fullChange(words: WordEffects['words']): number {
  const largest = words.reduce((most, { change }) => Math.max(most, Math.abs(change)), leastFullChange)
  return Math.ceil(largest * 2) / 2
}
