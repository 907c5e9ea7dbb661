import type { Random } from '#engine/random.ts'

/** What one call of the kernel works on. All matrices are vocabulary x dimensions. */
export interface SkipGramState {
  dimensions: number
  /** The vectors, and the output vectors that are thrown away after training. */
  input: Float32Array
  output: Float32Array
}

export interface Window {
  /** Words of the window without its centre; `count` of them. */
  context: Int32Array
  count: number
  /** The centre, then the negatives; a negative equal to the centre is left out by the caller. */
  targets: Int32Array
  targetCount: number
}

/** Room for the scores of the largest window. */
export interface Scratch {
  errors: Float32Array
  gradient: Float32Array
}

export const makeScratch = (contextSize: number, targetSize: number, dimensions: number): Scratch => ({
  errors: new Float32Array(contextSize * targetSize),
  gradient: new Float32Array(contextSize * dimensions),
})

/**
 * One window of skip-gram with negative sampling (Mikolov et al. 2013), its negatives shared by all context words
 * (Ji et al. 2016): errors e = (label - sigmoid(x . y)) * rate for every context word x and target y, then
 * x += sum_y e y and y += sum_x e x, both from the values before the window.
 * @returns the window's loss, -sum ln sigmoid(± x . y)
 */
export function trainWindow(
  { dimensions, input, output }: SkipGramState,
  { context, count, targets, targetCount }: Window,
  rate: number,
  { errors, gradient }: Scratch,
): number {
  let loss = 0
  for (let i = 0; i < count; i++) {
    const x = context[i]! * dimensions
    for (let j = 0; j < targetCount; j++) {
      const y = targets[j]! * dimensions
      let dot = 0
      for (let k = 0; k < dimensions; k++) dot += input[x + k]! * output[y + k]!
      const label = j === 0 ? 1 : 0
      const clamped = Math.max(-30, Math.min(30, dot))
      const sigmoid = 1 / (1 + Math.exp(-clamped))
      loss -= Math.log(label === 1 ? sigmoid : 1 - sigmoid)
      errors[i * targetCount + j] = (label - sigmoid) * rate
    }
  }
  gradient.fill(0, 0, count * dimensions)
  for (let i = 0; i < count; i++) {
    for (let j = 0; j < targetCount; j++) {
      const error = errors[i * targetCount + j]!
      const y = targets[j]! * dimensions
      const g = i * dimensions
      for (let k = 0; k < dimensions; k++) gradient[g + k] = gradient[g + k]! + error * output[y + k]!
    }
  }
  for (let j = 0; j < targetCount; j++) {
    const y = targets[j]! * dimensions
    for (let i = 0; i < count; i++) {
      const error = errors[i * targetCount + j]!
      const x = context[i]! * dimensions
      for (let k = 0; k < dimensions; k++) output[y + k] = output[y + k]! + error * input[x + k]!
    }
  }
  for (let i = 0; i < count; i++) {
    const x = context[i]! * dimensions
    const g = i * dimensions
    for (let k = 0; k < dimensions; k++) input[x + k] = input[x + k]! + gradient[g + k]!
  }
  return loss
}

/** Draws negatives from unigram^0.75 by a cumulative table and bisection. */
export function negativeSampler(counts: ArrayLike<number>): (random: Random) => number {
  const cumulative = new Float64Array(counts.length)
  let sum = 0
  for (let word = 0; word < counts.length; word++) cumulative[word] = sum += counts[word]! ** 0.75
  return (random) => {
    const target = random.next() * sum
    let low = 0
    let high = cumulative.length - 1
    while (low < high) {
      const middle = (low + high) >> 1
      if (cumulative[middle]! > target) high = middle
      else low = middle + 1
    }
    return low
  }
}
