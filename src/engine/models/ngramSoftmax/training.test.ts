import { describe, expect, it } from 'vitest'
import { quietContext } from '#engine/context.ts'
import type { Targets } from '#engine/models/learning/targets.ts'
import { seededRandom } from '#engine/random.ts'
import { kernelTimes, linearKernel } from './kernel.ts'
import { objective, trainDual } from './trainDual.ts'
import { trainStochastic, type SoftmaxProblem } from './trainStochastic.ts'

const [documents, columnCount, labelCount] = [31, 12, 4]

function problem(): SoftmaxProblem {
  const random = seededRandom(3)
  const starts = new Float64Array(documents + 1)
  const [columns, values]: [number[], number[]] = [[], []]
  for (let row = 0; row < documents; row++) {
    for (let column = 0; column < columnCount; column++) {
      if (random.next() < 0.6) continue
      columns.push(column)
      values.push(random.next())
    }
    starts[row + 1] = columns.length
  }
  const wanted = Array.from({ length: documents }, () => {
    const weights = Array.from({ length: labelCount }, () => random.next() ** 3)
    const sum = weights.reduce((a, b) => a + b)
    return weights.map((weight) => weight / sum)
  })
  const prior = new Float64Array(labelCount).fill(1 / labelCount)
  const targets: Targets = { smoothingKm: null, prior, fill: (document, into) => into.set(wanted[document]!) }
  return {
    rows: { starts, columns: Int32Array.from(columns), values: Float32Array.from(values) },
    columnCount,
    documents: Int32Array.from({ length: documents }, (_, i) => i),
    targets,
    bias: Float64Array.of(0.1, -0.2, 0.3, 0),
  }
}

/** Sum of cross-entropies of some rows, plus l2 / 2 |W|^2, written out. */
function primal(
  { rows: { starts, columns, values }, targets, bias }: SoftmaxProblem,
  weights: ArrayLike<number>,
  l2: number,
  rows = [...Array(documents).keys()],
): number {
  let loss = 0
  for (let i = 0; i < weights.length; i++) loss += (l2 / 2) * weights[i]! ** 2
  for (const row of rows) {
    const logits = [...bias]
    for (let i = starts[row]!; i < starts[row + 1]!; i++) {
      for (let label = 0; label < labelCount; label++)
        logits[label]! += values[i]! * weights[columns[i]! * labelCount + label]!
    }
    const logSum = Math.log(logits.reduce((sum, logit) => sum + Math.exp(logit), 0))
    const wanted = new Float64Array(labelCount)
    targets.fill(row, wanted)
    logits.forEach((logit, label) => (loss -= wanted[label]! * (logit - logSum)))
  }
  return loss
}

function slope(at: ArrayLike<number>, of: (weights: Float64Array) => number): Float64Array {
  return Float64Array.from(at, (_, i) => {
    const [above, below] = [Float64Array.from(at), Float64Array.from(at)]
    above[i]! += 1e-5
    below[i]! -= 1e-5
    return (of(above) - of(below)) / 2e-5
  })
}

describe('the dual form', () => {
  it('has the gradient of the objective, by finite differences, and the objective of the weights', async () => {
    const own = problem()
    const kernel = await linearKernel(own.rows, columnCount, quietContext)
    const random = seededRandom(5)
    const alpha = Float64Array.from({ length: documents * labelCount }, () => random.normal() / 3)
    const at = async (values: Float64Array) => ({
      own: values,
      image: await kernelTimes(kernel, values, labelCount, quietContext),
    })
    const { gradient, loss } = objective(own, await at(alpha), 0.3)
    const weights = new Float64Array(columnCount * labelCount)
    const { starts, columns, values } = own.rows
    for (let row = 0; row < documents; row++) {
      for (let i = starts[row]!; i < starts[row + 1]!; i++)
        for (let label = 0; label < labelCount; label++)
          weights[columns[i]! * labelCount + label]! += values[i]! * alpha[row * labelCount + label]!
    }
    expect(loss).toBeCloseTo(primal(own, weights, 0.3), 5)
    // The plain gradient is the kernel times the one that has the kernel as its inner product.
    const image = await kernelTimes(kernel, gradient, labelCount, quietContext)
    for (const i of [0, 17, 60, 123]) {
      const [above, below] = [alpha.slice(), alpha.slice()]
      above[i]! += 1e-4
      below[i]! -= 1e-4
      const difference = (objective(own, await at(above), 0.3).loss - objective(own, await at(below), 0.3).loss) / 2e-4
      expect(image[i]).toBeCloseTo(difference, 4)
    }
  })

  it('ends where the objective of the weights is flat', async () => {
    const own = problem()
    const weights = await trainDual(own, { epochs: 200, l2: 0.1 }, quietContext)
    const flat = slope(weights, (moved) => primal(own, moved, 0.1))
    expect(Math.max(...flat.map(Math.abs))).toBeLessThan(0.02)
    expect(
      Math.max(...slope(new Float64Array(weights.length), (moved) => primal(own, moved, 0.1)).map(Math.abs)),
    ).toBeGreaterThan(1)
  })

  it('is what many small steps in the weights come to', async () => {
    const own = problem()
    let weights = new Float64Array(columnCount * labelCount)
    for (let step = 0; step < 500; step++) {
      const down = slope(weights, (moved) => primal(own, moved, 1))
      if (Math.max(...down.map(Math.abs)) < 1e-4) break
      weights = weights.map((weight, i) => weight - 0.1 * down[i]!)
    }
    const dual = await trainDual(own, { epochs: 200, l2: 1 }, quietContext)
    expect(primal(own, dual, 1)).toBeCloseTo(primal(own, weights, 1), 4)
  })
})

describe('training by single documents', () => {
  const settings = { epochs: 1, learningRate: 0.5, l2: 0, featureDropout: 0, seed: 1 }

  it('takes its first step down the gradient of that document, by finite differences', async () => {
    const whole = problem()
    const own = {
      ...whole,
      rows: { ...whole.rows, starts: whole.rows.starts.slice(0, 2) },
      documents: Int32Array.of(0),
    }
    const down = slope(new Float64Array(columnCount * labelCount), (moved) => primal(own, moved, 0, [0]))
    const sgd = await trainStochastic(own, { ...settings, optimiser: 'sgd' }, quietContext)
    sgd.forEach((weight, i) => expect(weight).toBeCloseTo(-0.5 * down[i]!, 5))
    // The first gradient of a row is brought to length one.
    const adaptive = await trainStochastic(own, { ...settings, optimiser: 'adagrad' }, quietContext)
    for (let column = 0; column < columnCount; column++) {
      const norm = Math.hypot(...down.subarray(column * labelCount, (column + 1) * labelCount))
      for (let label = 0; label < labelCount; label++) {
        const i = column * labelCount + label
        expect(adaptive[i]).toBeCloseTo(norm === 0 ? 0 : (-0.5 * down[i]!) / norm, 4)
      }
    }
  })

  it.each(['sgd', 'adagrad'] as const)(
    'comes near the minimum by %s, and again to the same weights',
    async (optimiser) => {
      const own = problem()
      const train = () =>
        trainStochastic(
          own,
          { optimiser, epochs: 200, learningRate: 0.3, l2: 0, featureDropout: 0.1, seed: 4 },
          quietContext,
        )
      const weights = await train()
      const least = primal(own, await trainDual(own, { epochs: 300, l2: 1e-4 }, quietContext), 0)
      const start = primal(own, new Float64Array(weights.length), 0)
      expect(primal(own, weights, 0) - least).toBeLessThan(0.2 * (start - least))
      expect(await train()).toEqual(weights)
    },
  )
})
