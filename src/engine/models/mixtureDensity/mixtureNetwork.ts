import type { TfIdfRows } from '#engine/models/learning/tfIdf.ts'
import type { Random } from '#engine/random.ts'
import { addGradients, gaussiansOf, logDensities, valuesPerGaussian, type Gaussians } from './gaussians.ts'

/** Columns of the text, hidden units and Gaussians. */
export interface MixtureShape {
  columns: number
  hidden: number
  components: number
}

/** What is learnt: rows -> tanh -> softmax over Gaussians that all documents share. */
export interface MixtureWeights {
  /** columns x hidden, and the hidden units' biases. */
  input: Float32Array
  inputBias: Float32Array
  /** hidden x components, and the components' biases. */
  output: Float32Array
  outputBias: Float32Array
  /** components x 5: see `gaussiansOf`. */
  gaussians: Float32Array
}

/** Uniform weights of Glorot & Bengio 2010. @param shares of the Gaussians, by which the softmax begins */
export function startWeights(
  { columns, hidden, components }: MixtureShape,
  gaussians: Float32Array,
  shares: Float64Array,
  random: Random,
): MixtureWeights {
  const draw = (inputs: number, outputs: number) => {
    const most = Math.sqrt(6 / (inputs + outputs))
    return Float32Array.from({ length: inputs * outputs }, () => most * (2 * random.next() - 1))
  }
  return {
    input: draw(columns, hidden),
    inputBias: new Float32Array(hidden),
    output: draw(hidden, components),
    outputBias: Float32Array.from(shares, Math.log),
    gaussians,
  }
}

/** Gradients of the mean negative log-likelihood of a batch; `touched` are the columns whose rows of `input` are not all 0. */
export interface MixtureGradients extends MixtureWeights {
  touched: number[]
}

export const noGradients = ({ columns, hidden, components }: MixtureShape): MixtureGradients => ({
  input: new Float32Array(columns * hidden),
  inputBias: new Float32Array(hidden),
  output: new Float32Array(hidden * components),
  outputBias: new Float32Array(components),
  gaussians: new Float32Array(components * valuesPerGaussian),
  touched: [],
})

/** Some rows of a text matrix, without the entries that are dropped: `keep` is 0 there, else what the others are multiplied by. */
export interface MixtureRows {
  rows: TfIdfRows
  chosen: ArrayLike<number>
  /** An entry each, in the order of the chosen rows; null keeps all as they are. */
  keep: Float32Array | null
}

/** The network at some weights, row by row. */
export class MixtureNetwork {
  readonly shape: MixtureShape
  readonly weights: MixtureWeights
  readonly gaussians: Gaussians
  readonly #leastSpread: number
  readonly #hidden: Float64Array
  /** Weights of the Gaussians for the row that was read last. */
  readonly components: Float64Array

  constructor(shape: MixtureShape, weights: MixtureWeights, leastSpread: number) {
    this.shape = shape
    this.weights = weights
    this.#leastSpread = leastSpread
    this.gaussians = gaussiansOf(weights.gaussians, leastSpread)
    this.#hidden = new Float64Array(shape.hidden)
    this.components = new Float64Array(shape.components)
  }

  /** Reads entries `from` to `to` of the matrix; sets `components`. */
  read({ columns, values }: TfIdfRows, from: number, to: number, keep?: Float32Array): void {
    const { input, inputBias, output, outputBias } = this.weights
    const [hidden, components] = [this.#hidden, this.components]
    hidden.set(inputBias)
    for (let i = from; i < to; i++) {
      const value = values[i]! * (keep ? keep[i - from]! : 1)
      const at = columns[i]! * hidden.length
      if (value !== 0) for (let h = 0; h < hidden.length; h++) hidden[h]! += value * input[at + h]!
    }
    components.set(outputBias)
    for (let h = 0; h < hidden.length; h++) {
      const value = Math.tanh(hidden[h]!)
      hidden[h] = value
      const at = h * components.length
      for (let k = 0; k < components.length; k++) components[k]! += value * output[at + k]!
    }
    const greatest = components.reduce((most, logit) => Math.max(most, logit), -Infinity)
    let sum = 0
    for (let k = 0; k < components.length; k++) sum += components[k] = Math.exp(components[k]! - greatest)
    for (let k = 0; k < components.length; k++) components[k]! /= sum
  }

  /**
   * Natural logarithm of the density that the row read last has at a place of the plane. `shares` becomes each Gaussian's part in it.
   */
  logDensity(x: number, y: number, shares: Float64Array): number {
    logDensities(this.gaussians, x, y, shares)
    let greatest = -Infinity
    for (let k = 0; k < shares.length; k++) {
      shares[k]! += Math.log(this.components[k]!)
      if (shares[k]! > greatest) greatest = shares[k]!
    }
    let sum = 0
    for (let k = 0; k < shares.length; k++) sum += shares[k] = Math.exp(shares[k]! - greatest)
    for (let k = 0; k < shares.length; k++) shares[k]! /= sum
    return greatest + Math.log(sum)
  }

  /**
   * Adds the gradients of the mean negative log-likelihood of some rows.
   * @param places x and y of each chosen row
   * @returns the sum over rows of the negative log-likelihood
   */
  addGradients({ rows, chosen, keep }: MixtureRows, places: Float64Array, into: MixtureGradients): number {
    const { starts, columns, values } = rows
    const { hidden: width, components: count } = this.shape
    const shares = new Float64Array(count)
    const below = new Float64Array(width)
    const [scale, hidden] = [1 / chosen.length, this.#hidden]
    let [loss, entry] = [0, 0]
    for (let n = 0; n < chosen.length; n++) {
      const [from, to] = [starts[chosen[n]!]!, starts[chosen[n]! + 1]!]
      const own = keep ? keep.subarray(entry, (entry += to - from)) : undefined
      this.read(rows, from, to, own)
      const [x, y] = [places[2 * n]!, places[2 * n + 1]!]
      loss -= this.logDensity(x, y, shares)
      addGradients(this.gaussians, this.#leastSpread, [x, y], shares, scale, into.gaussians)
      for (let k = 0; k < count; k++) {
        const slope = scale * (this.components[k]! - shares[k]!)
        shares[k] = slope
        into.outputBias[k]! += slope
      }
      for (let h = 0; h < width; h++) {
        let sum = 0
        const at = h * count
        for (let k = 0; k < count; k++) {
          sum += shares[k]! * this.weights.output[at + k]!
          into.output[at + k]! += hidden[h]! * shares[k]!
        }
        const slope = sum * (1 - hidden[h]! * hidden[h]!)
        below[h] = slope
        into.inputBias[h]! += slope
      }
      for (let i = from; i < to; i++) {
        const value = values[i]! * (own ? own[i - from]! : 1)
        if (value === 0) continue
        const column = columns[i]!
        into.touched.push(column)
        for (let h = 0; h < width; h++) into.input[column * width + h]! += value * below[h]!
      }
    }
    return loss
  }
}
