import type { StageContext } from '#engine/context.ts'
import { range } from '#engine/geo/range.ts'
import { take } from '#engine/geo/take.ts'
import type { Points } from '#engine/geo/points.ts'
import { radixSort } from '#engine/geo/radixSort.ts'
import { pause } from '#engine/pause.ts'

/**
 * A tree of cells. Node i is `nodes[3 * i .. 3 * i + 2]`, in the order of a walk that goes left first:
 * axis (0 latitude, 1 longitude, -1 cell), then for a split the degree at which it is made and its right child
 * (its left child is node i + 1), for a cell its label and 0. Labels are numbered as the walk meets the cells.
 */
export interface KdTree {
  nodes: Float64Array
  cells: number
}

export interface BuiltKdTree {
  tree: KdTree
  /** How many points each node holds. */
  counts: Int32Array
  cellOfPoint: Int32Array
}

/** In points moved: some tens of milliseconds. */
const workBetweenPauses = 2_000_000

/**
 * The adaptive grid of Roller et al. 2012, as Rahimi et al. 2017 build it: the axis that is wider in degrees
 * (latitude where both are equally wide) is split at the median (the mean of the middle two where the count is
 * even), what is greater goes right; a cell holds at most `bucket` points, or points of one place. Where the median
 * is the maximum the minimum splits instead. The cells do not depend on the order of the points.
 *
 * Points are sorted once along each axis and both orders are divided from node to node, so that widths and medians are
 * looked up (Brown 2015, "Building a Balanced k-d Tree in O(kn log n) Time"). A point is its rank by latitude on the
 * way, so that the points of a node lie near one another in memory.
 */
export async function buildKdTree(points: Points, bucket: number, context: StageContext): Promise<BuiltKdTree> {
  const count = points.lat.length
  const { values: lat, items: pointOf } = radixSort(points.lat, range(count))
  await pause(context)
  const lon = take(points.lon, pointOf)
  const southFirst = range(count)
  const { items: westFirst } = radixSort(lon, southFirst)
  await pause(context)
  const held = new Int32Array(count)
  const cellOfPoint = new Int32Array(count)
  const nodes: number[] = []
  const counts: number[] = []
  let cells = 0
  let done = 0
  let work = 0
  // Popped left first, which numbers nodes and cells in the order of the walk.
  const pending: { from: number; to: number; rightOf: number }[] = [{ from: 0, to: count, rightOf: -1 }]
  for (let next = pending.pop(); next; next = pending.pop()) {
    const { from, to, rightOf } = next
    const node = nodes.length / 3
    if (rightOf >= 0) nodes[3 * rightOf + 2] = node
    counts.push(to - from)
    const height = lat[southFirst[to - 1]!]! - lat[southFirst[from]!]!
    const width = lon[westFirst[to - 1]!]! - lon[westFirst[from]!]!
    if (to - from <= bucket || (height === 0 && width === 0)) {
      for (let p = from; p < to; p++) cellOfPoint[pointOf[southFirst[p]!]!] = cells
      nodes.push(-1, cells++, 0)
      done += to - from
    } else {
      // Equal widths split latitude first: the same cells on every machine.
      const axis = height >= width ? 0 : 1
      const [values, sorted] = axis === 0 ? [lat, southFirst] : [lon, westFirst]
      const split = splitOf(values, sorted, from, to)
      const middle = firstAbove(values, sorted, from, to, split)
      if (axis === 0) divideByRank(westFirst, from, to, southFirst[middle]!, held)
      else divideByValue(southFirst, from, to, lon, split, held)
      nodes.push(axis, split, 0)
      pending.push({ from: middle, to, rightOf: node }, { from, to: middle, rightOf: -1 })
    }
    work += to - from
    if (work < workBetweenPauses) continue
    work = 0
    context.report({ done, total: count, unit: 'points', title: 'Dividing the map' })
    await pause(context)
  }
  return { tree: { nodes: Float64Array.from(nodes), cells }, counts: Int32Array.from(counts), cellOfPoint }
}

/**
 * What is wrong with nodes that are read from a file, or null: a walk that goes left first meets each node once, and the
 * cells in the order of their labels. Then no walk can go round in a circle.
 */
export function checkKdTree({ nodes, cells }: KdTree): string | null {
  const count = nodes.length / 3
  const rights: number[] = []
  let labels = 0
  for (let node = 0; node < count; node++) {
    const [axis, value, right] = nodes.subarray(3 * node, 3 * node + 3) as unknown as [number, number, number]
    if (axis === 0 || axis === 1) {
      if (!Number.isFinite(value)) return `node ${node} splits at ${value}`
      rights.push(right)
    } else if (axis !== -1) return `node ${node} has axis ${axis}, expected 0, 1 or -1`
    else {
      if (value !== labels) return `node ${node} has label ${value}, expected ${labels}`
      labels++
      const next = rights.pop() ?? count
      if (next !== node + 1) return `node ${node + 1} follows cell ${labels - 1}, expected node ${next}`
    }
  }
  return labels === cells && rights.length === 0 ? null : `it has ${labels} cells, expected ${cells}`
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

function splitOf(values: Float64Array, sorted: Int32Array, from: number, to: number): number {
  const upper = values[sorted[(from + to) >> 1]!]!
  const median = (to - from) % 2 === 1 ? upper : (values[sorted[((from + to) >> 1) - 1]!]! + upper) / 2
  return median === values[sorted[to - 1]!] ? values[sorted[from]!]! : median
}

/** The first position of `from..to` whose value is above the split. */
function firstAbove(values: Float64Array, sorted: Int32Array, from: number, to: number, split: number): number {
  let [low, high] = [from, to]
  while (low < high) {
    const middle = (low + high) >> 1
    if (values[sorted[middle]!]! > split) high = middle
    else low = middle + 1
  }
  return low
}

/** Moves ranks from `first` on behind the others, each side in its order. */
function divideByRank(order: Int32Array, from: number, to: number, first: number, held: Int32Array): void {
  let left = from
  let right = 0
  for (let p = from; p < to; p++) {
    const rank = order[p]!
    // Both places are written and one counts: a branch that is taken half of the time costs more.
    const above = rank >= first ? 1 : 0
    order[left] = rank
    held[right] = rank
    left += 1 - above
    right += above
  }
  order.set(held.subarray(0, right), left)
}

/** Moves ranks with a value above the split behind the others, each side in its order. */
function divideByValue(
  order: Int32Array,
  from: number,
  to: number,
  values: Float64Array,
  split: number,
  held: Int32Array,
): void {
  let left = from
  let right = 0
  for (let p = from; p < to; p++) {
    const rank = order[p]!
    const above = values[rank]! > split ? 1 : 0
    order[left] = rank
    held[right] = rank
    left += 1 - above
    right += above
  }
  order.set(held.subarray(0, right), left)
}
