import type { RunAttention, RunErrors } from '#protocol/runs.ts'

export const rowOrders = ['west to east', 'north to south', 'nearest first'] as const
export type RowOrder = (typeof rowOrders)[number]

/**
 * Places of a run's test documents in the order in which they are drawn, by their true place or by their error; ties by row.
 * @param errors of the same run: row by row as the attention is
 */
export function orderRows(attention: RunAttention, errors: RunErrors, order: RowOrder): Int32Array {
  const key = keyOf(errors, order)
  return Int32Array.from(attention.rows.keys()).sort((a, b) => key(a) - key(b) || a - b)
}

function keyOf({ trueLonLat, errorKm }: RunErrors, order: RowOrder): (i: number) => number {
  if (order === 'west to east') return (i) => trueLonLat[2 * i]!
  return order === 'north to south' ? (i) => -trueLonLat[2 * i + 1]! : (i) => errorKm[i]!
}

/** A multiple of the uniform weight that is drawn at full strength. */
export const fullWeight = 4

/** A part of the heat map, as a picture of one pixel a position. */
export interface HeatTile {
  /** Number of its first row. */
  from: number
  width: number
  height: number
  /** Red, green, blue, opacity. */
  data: Uint8ClampedArray<ArrayBuffer>
}

/** Below what every graphics card takes as a side of a picture. */
const tileRows = 2048

/** The rows as pictures: opacity is the weight relative to the uniform one, full at four times as much. */
export function heatTiles(
  { offsets, weights }: RunAttention,
  order: Int32Array,
  [red, green, blue]: readonly [number, number, number],
): HeatTile[] {
  const width = widest(offsets)
  const tiles: HeatTile[] = []
  for (let from = 0; from < order.length; from += tileRows) {
    const height = Math.min(tileRows, order.length - from)
    const data = new Uint8ClampedArray(4 * width * height)
    for (let y = 0; y < height; y++) {
      const i = order[from + y]!
      for (let x = 0; x < offsets[i + 1]! - offsets[i]!; x++)
        data.set(
          [red, green, blue, 18 + 237 * Math.min(1, weights[offsets[i]! + x]! / fullWeight)],
          4 * (y * width + x),
        )
    }
    tiles.push({ from, width, height, data })
  }
  return tiles
}

export const widest = (offsets: Uint32Array): number => {
  let most = 1
  for (let i = 1; i < offsets.length; i++) most = Math.max(most, offsets[i]! - offsets[i - 1]!)
  return most
}
