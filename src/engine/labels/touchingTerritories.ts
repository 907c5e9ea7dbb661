import type { MapBox } from '#engine/geo/mapBoxes.ts'
import type { VoronoiCell } from '#engine/geo/sphericalVoronoi.ts'
import { kdRectangles } from './kdTerritories.ts'
import type { KdTree } from './kdTree.ts'

/** Pairs of labels whose territories touch in some boxes, by a side or a corner; flat: a1, b1, a2, b2, ascending, a below b. */
export function touchingCells(tree: KdTree, boxes: MapBox[]): Int32Array {
  const pairs = new Set<number>()
  for (const box of boxes) {
    const rectangles = kdRectangles(tree, box)
    rectangles.forEach(([a, [west, south, east, , , north]], i) => {
      for (const [b, ring] of rectangles.slice(i + 1)) {
        const [otherWest, otherSouth, otherEast] = ring as [number, number, number]
        const otherNorth = ring[5]!
        if (otherWest <= east! && west! <= otherEast && otherSouth <= north! && south! <= otherNorth)
          add(pairs, a, b, tree.cells)
      }
    })
  }
  return flat(pairs, tree.cells)
}

/** The same of territories that are nearest to sites. */
export function touchingSites(voronoi: VoronoiCell[], labelOfSite: Int32Array, labelCount: number): Int32Array {
  const pairs = new Set<number>()
  voronoi.forEach(({ neighbours }, site) => {
    for (const other of neighbours) add(pairs, labelOfSite[site]!, labelOfSite[other]!, labelCount)
  })
  return flat(pairs, labelCount)
}

function add(pairs: Set<number>, a: number, b: number, count: number): void {
  if (a !== b) pairs.add(Math.min(a, b) * count + Math.max(a, b))
}

const flat = (pairs: Set<number>, count: number) =>
  Int32Array.from([...pairs].sort((a, b) => a - b).flatMap((pair) => [Math.floor(pair / count), pair % count]))
