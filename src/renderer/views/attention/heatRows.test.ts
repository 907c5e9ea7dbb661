import { expect, it } from 'vitest'
import type { RunAttention, RunErrors } from '#protocol/runs.ts'
import { heatTiles, orderRows, widest } from './heatRows.ts'

const attention = {
  rows: Int32Array.of(7, 8, 9),
  offsets: Uint32Array.of(0, 2, 3, 6),
  weights: Float32Array.of(0.5, 1.5, 1, 0, 1, 8),
} as unknown as RunAttention
const errors = {
  trueLonLat: Float32Array.of(5, 1, -5, 2, 0, 3),
  errorKm: Float32Array.of(30, 20, 10),
} as unknown as RunErrors

it('orders rows by place or error', () => {
  expect([...orderRows(attention, errors, 'west to east')]).toEqual([1, 2, 0])
  expect([...orderRows(attention, errors, 'north to south')]).toEqual([2, 1, 0])
  expect([...orderRows(attention, errors, 'nearest first')]).toEqual([2, 1, 0])
})

it('draws a pixel a position, full at four times the uniform weight, nothing beyond a document’s end', () => {
  expect(widest(attention.offsets)).toBe(3)
  const [tile] = heatTiles(attention, Int32Array.of(2, 1, 0), [1, 2, 3])
  expect([tile!.width, tile!.height]).toEqual([3, 3])
  const alpha = Array.from({ length: 9 }, (_, i) => tile!.data[4 * i + 3])
  expect(alpha).toEqual([18, 77, 255, 77, 0, 0, 48, 107, 0])
})

it('cuts many rows into pictures', () => {
  const rows = 5000
  const many = {
    offsets: Uint32Array.from({ length: rows + 1 }, (_, i) => i),
    weights: new Float32Array(rows).fill(1),
  } as unknown as RunAttention
  const tiles = heatTiles(
    many,
    Int32Array.from({ length: rows }, (_, i) => i),
    [0, 0, 0],
  )
  expect(tiles.map(({ from, height }) => [from, height])).toEqual([
    [0, 2048],
    [2048, 2048],
    [4096, 904],
  ])
})
