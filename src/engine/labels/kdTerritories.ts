import type { FlatLine } from '#engine/geo/flatGeometry.ts'
import type { MapBox } from '#engine/geo/mapBoxes.ts'
import type { KdTree } from './kdTree.ts'

/** Parallels are not great circles: vertices this often keep a border in place on any projection. */
const vertexEveryDegrees = 1

/** The lines along which a tree splits the box, each as long as the node that it splits: none is drawn twice. */
export function kdBorders(tree: KdTree, box: MapBox): FlatLine[] {
  const lines: FlatLine[] = []
  walk(tree, box, (node, { west, south, east, north }) => {
    const split = tree.nodes[3 * node + 1]!
    if (tree.nodes[3 * node] === 0 && split > south && split < north) {
      lines.push(stepsBetween(west, east).flatMap((lon) => [lon, split]))
    } else if (tree.nodes[3 * node] === 1 && split > west && split < east) {
      lines.push(stepsBetween(south, north).flatMap((lat) => [split, lat]))
    }
  })
  return lines
}

/** The part of each cell that lies in the box, with its label: counterclockwise rings. */
export function kdRectangles(tree: KdTree, box: MapBox): [label: number, ring: FlatLine][] {
  const rectangles: [number, FlatLine][] = []
  walk(tree, box, (node, { west, south, east, north }) => {
    if (tree.nodes[3 * node] !== -1) return
    rectangles.push([tree.nodes[3 * node + 1]!, [west, south, east, south, east, north, west, north]])
  })
  return rectangles
}

/** Visits the nodes that have a part in the box, with that part. */
function walk({ nodes }: KdTree, box: MapBox, visit: (node: number, part: MapBox) => void): void {
  const pending: [node: number, part: MapBox][] = [[0, box]]
  for (let next = pending.pop(); next; next = pending.pop()) {
    const [node, part] = next
    visit(node, part)
    const axis = nodes[3 * node]!
    if (axis < 0) continue
    const split = nodes[3 * node + 1]!
    const [low, high] = axis === 0 ? (['south', 'north'] as const) : (['west', 'east'] as const)
    if (part[high] > split) pending.push([nodes[3 * node + 2]!, { ...part, [low]: Math.max(split, part[low]) }])
    if (part[low] < split) pending.push([node + 1, { ...part, [high]: Math.min(split, part[high]) }])
  }
}

/** Degrees from one to the other, at most a vertex's distance apart. */
export function stepsBetween(from: number, to: number): number[] {
  const steps = Math.max(1, Math.ceil(Math.abs(to - from) / vertexEveryDegrees))
  return Array.from({ length: steps + 1 }, (_, k) => (k === steps ? to : from + ((to - from) * k) / steps))
}
