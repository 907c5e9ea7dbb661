import { describe, expect, it } from 'vitest'
import { averageWeights } from './averagedWeights.ts'

const vectors = (value: number) => ({ rows: 1, columns: 2, values: Float32Array.of(value, 2 * value) })

describe('averageWeights', () => {
  it('keeps a share of the earlier average, from the first epoch on', () => {
    let average = averageWeights(null, Float32Array.of(1, 0), vectors(4), 0.75)
    expect([...average.values, ...average.vectors!]).toEqual([1, 0, 4, 8])
    average = averageWeights(average, Float32Array.of(5, 2), vectors(0), 0.75)
    expect([...average.values, ...average.vectors!]).toEqual([2, 0.5, 3, 6])
  })

  it('leaves alone what goes on being trained', () => {
    const [values, matrix] = [Float32Array.of(1), vectors(1)]
    const average = averageWeights(null, values, matrix, 0.5)
    averageWeights(average, Float32Array.of(3), vectors(3), 0.5)
    expect([values[0], ...matrix.values]).toEqual([1, 1, 2])
  })

  it("is an epoch's own weights where nothing of earlier ones stays, and has no vectors where they are frozen", () => {
    const average = averageWeights({ values: Float32Array.of(9), vectors: null }, Float32Array.of(1), null, 0)
    expect(average).toEqual({ values: Float32Array.of(1), vectors: null })
  })
})
