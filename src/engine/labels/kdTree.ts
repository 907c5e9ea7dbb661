import { setImmediate } from 'node:timers/promises'
import type { StageContext } from '#engine/context.ts'
import { ascending } from '#engine/geo/ascending.ts'
import type { Points } from '#engine/geo/points.ts'

/**
 * A tree of cells. Node i is `nodes[3 * i .. 3 * i + 2]`, in the order of a walk that goes left first:
 * axis (0 latitude, 1 longitude, -1 cell), then for a split the degree at which it is made and its right child
 * (its left child is node i + 1), for a cell its label and 0. Labels are numbered as the walk meets the cells.
 */
export interface KdTree {
  nodes: Float64Array
  cells: number
}

/**
 * The adaptive grid of Roller et al. 2012, as Rahimi et al. 2017 build it: the axis that is wider in degrees
 * (latitude where both are equally wide) is split at the median (the mean of the middle two where the count is
 * even), what is greater goes right; a cell holds at most `bucket` points, or points of one place. Where the median
 * is the maximum the minimum splits instead. The cells do not depend on the order of the points.
 * @returns the tree, and the cell of each point
 */
export async function buildKdTree(
  points: Points,
  bucket: number,
  context: StageContext,
): Promise<{ tree: KdTree; cellOfPoint: Int32Array }> {
  const count = points.lat.length
  const order = ascending(count)
  const held = new Uint32Array(count)
  const sorted = new Float64Array(count)
  const cellOfPoint = new Int32Array(count)
  const nodes: number[] = []
  let cells = 0
  let done = 0
  let work = 0
  // Popped left first, which numbers nodes and cells in the order of the walk.
  const pending: { from: number; to: number; rightOf: number }[] = [{ from: 0, to: count, rightOf: -1 }]
  for (let next = pending.pop(); next; next = pending.pop()) {
    const { from, to, rightOf } = next
    const node = nodes.length / 3
    if (rightOf >= 0) nodes[3 * rightOf + 2] = node
    const axis = to - from > bucket ? widerAxis(points, order, from, to) : -1
    if (axis < 0) {
      for (let p = from; p < to; p++) cellOfPoint[order[p]!] = cells
      nodes.push(-1, cells++, 0)
      done += to - from
    } else {
      const values = axis === 0 ? points.lat : points.lon
      const split = splitOf(values, order, from, to, sorted)
      const middle = partition(values, order, from, to, split, held)
      nodes.push(axis, split, 0)
      pending.push({ from: middle, to, rightOf: node }, { from, to: middle, rightOf: -1 })
    }
    work += to - from
    if (work > 500_000) {
      work = 0
      context.report({ done, total: count, unit: 'points' })
      await setImmediate()
      context.signal.throwIfAborted()
    }
  }
  return { tree: { nodes: Float64Array.from(nodes), cells }, cellOfPoint }
}

/** The cell in which a place lies. */
export function cellAt({ nodes }: KdTree, lat: number, lon: number): number {
  let node = 0
  for (;;) {
    const axis = nodes[3 * node]!
    if (axis < 0) return nodes[3 * node + 1]!
    node = (axis === 0 ? lat : lon) > nodes[3 * node + 1]! ? nodes[3 * node + 2]! : node + 1
  }
}

/** 0 latitude, 1 longitude, -1 when all points are one place. */
function widerAxis({ lat, lon }: Points, order: Uint32Array, from: number, to: number): number {
  let south = Infinity
  let north = -Infinity
  let west = Infinity
  let east = -Infinity
  for (let p = from; p < to; p++) {
    const i = order[p]!
    south = Math.min(south, lat[i]!)
    north = Math.max(north, lat[i]!)
    west = Math.min(west, lon[i]!)
    east = Math.max(east, lon[i]!)
  }
  const height = north - south
  const width = east - west
  if (height === 0 && width === 0) return -1
  // Equal widths split latitude first: the same cells on every machine.
  return height >= width ? 0 : 1
}

function splitOf(values: Float64Array, order: Uint32Array, from: number, to: number, sorted: Float64Array): number {
  const count = to - from
  for (let p = 0; p < count; p++) sorted[p] = values[order[from + p]!]!
  sorted.subarray(0, count).sort()
  const upper = count >> 1
  const median = count % 2 === 1 ? sorted[upper]! : (sorted[upper - 1]! + sorted[upper]!) / 2
  return median === sorted[count - 1] ? sorted[0]! : median
}

/** Moves the points above the split behind the others, each side in its order; returns where the former begin. */
function partition(
  values: Float64Array,
  order: Uint32Array,
  from: number,
  to: number,
  split: number,
  held: Uint32Array,
): number {
  let left = from
  let right = 0
  for (let p = from; p < to; p++) {
    const i = order[p]!
    if (values[i]! > split) held[right++] = i
    else order[left++] = i
  }
  order.set(held.subarray(0, right), left)
  return left
}
