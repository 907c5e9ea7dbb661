import { layOutAreas } from '#engine/memoryAreas.ts'
import kernel from './assembly/weightRows.ts?wasm=simd'

/**
 * Weights, columns x labels, and what an update of them reads and writes. A document's row i begins at weight `active[i]` and
 * counts `strengths[i]` times.
 */
export interface WeightRows {
  weights: Float32Array
  active: Uint32Array
  strengths: Float64Array
  logits: Float64Array
  error: Float64Array
  /** logits += the first `size` rows, each times its strength. */
  add(size: number): void
  /** The row of weights that begins at `first` becomes keep * row - step * error. */
  update(first: number, keep: number, step: number): void
}

interface Shape {
  columnCount: number
  labelCount: number
  /** N-grams of the longest document. */
  longest: number
}

interface Kernel {
  addRows(weights: number, active: number, strengths: number, size: number, logits: number, count: number): void
  updateRow(weights: number, first: number, keep: number, step: number, error: number, count: number): void
}

const pageBytes = 65_536
const mostPages = 65_536

/** Zeros, in WebAssembly where its 4 GiB hold them: the same numbers to the bit, sooner. */
export function weightRows(shape: Shape): WeightRows {
  const { columnCount, labelCount, longest } = shape
  const [weights, active, strengths, logits, error, end] = layOutAreas([
    4 * columnCount * labelCount,
    4 * longest,
    8 * longest,
    8 * labelCount,
    8 * labelCount,
  ]) as [number, number, number, number, number, number]
  const pages = Math.ceil(end / pageBytes)
  if (pages > mostPages) return plainWeightRows(shape)
  const memory = new WebAssembly.Memory({ initial: pages, maximum: pages, shared: true })
  const module = new WebAssembly.Module(Buffer.from(kernel, 'base64'))
  const { addRows, updateRow } = new WebAssembly.Instance(module, { env: { memory } }).exports as unknown as Kernel
  return {
    weights: new Float32Array(memory.buffer, weights, columnCount * labelCount),
    active: new Uint32Array(memory.buffer, active, longest),
    strengths: new Float64Array(memory.buffer, strengths, longest),
    logits: new Float64Array(memory.buffer, logits, labelCount),
    error: new Float64Array(memory.buffer, error, labelCount),
    add: (size) => addRows(weights, active, strengths, size, logits, labelCount),
    update: (first, keep, step) => updateRow(weights, first, keep, step, error, labelCount),
  }
}

/** The same in plain JavaScript, for weights beyond 4 GiB. */
export function plainWeightRows({ columnCount, labelCount, longest }: Shape): WeightRows {
  const weights = new Float32Array(columnCount * labelCount)
  const active = new Uint32Array(longest)
  const strengths = new Float64Array(longest)
  const [logits, error] = [new Float64Array(labelCount), new Float64Array(labelCount)]
  return {
    ...{ weights, active, strengths, logits, error },
    add(size) {
      let i = 0
      // Four rows at a time: each logit is fetched and stored a quarter as often.
      for (; i + 4 <= size; i += 4) {
        const [a, b, c, d] = [active[i]!, active[i + 1]!, active[i + 2]!, active[i + 3]!]
        const [va, vb, vc, vd] = [strengths[i]!, strengths[i + 1]!, strengths[i + 2]!, strengths[i + 3]!]
        for (let label = 0; label < labelCount; label++) {
          logits[label]! +=
            va * weights[a + label]! + vb * weights[b + label]! + (vc * weights[c + label]! + vd * weights[d + label]!)
        }
      }
      for (; i < size; i++) {
        const [at, strength] = [active[i]!, strengths[i]!]
        for (let label = 0; label < labelCount; label++) logits[label]! += strength * weights[at + label]!
      }
    },
    update(first, keep, step) {
      for (let label = 0; label < labelCount; label++)
        weights[first + label] = keep * weights[first + label]! - step * error[label]!
    },
  }
}
