import type { EqualAreaGrid } from '../equalAreaGrid.ts'

/** A line on the map: longitude and latitude of its points. */
export type PlaceLine = [lon: number, lat: number][]

/**
 * The lines where a field on a grid is 0, by marching squares; a square of which a corner is NaN has none. In a saddle the
 * mean of the corners decides. Segments that meet are one line, closed ones end where they begin.
 * @param field by node
 */
export function zeroLines(field: Float64Array, grid: EqualAreaGrid): PlaceLine[] {
  const { columns, rows, cellKm, west, south, plane } = grid
  /** Points lie on edges: 2 x node for the edge to the east, 2 x node + 1 for the one to the north. */
  const links = new Map<number, number[]>()
  const link = (a: number, b: number) => {
    for (const [from, to] of [
      [a, b],
      [b, a],
    ] as const) {
      const known = links.get(from)
      if (known) known.push(to)
      else links.set(from, [to])
    }
  }
  for (let row = 0; row + 1 < rows; row++) {
    for (let column = 0; column + 1 < columns; column++) {
      const node = row * columns + column
      const corners = [field[node]!, field[node + 1]!, field[node + columns + 1]!, field[node + columns]!]
      if (corners.some(Number.isNaN)) continue
      const signs = corners.map((value) => value > 0)
      const edges = [2 * node, 2 * (node + 1) + 1, 2 * (node + columns), 2 * node + 1]
      const crossed = edges.filter((_, k) => signs[k] !== signs[(k + 1) % 4])
      if (crossed.length === 2) link(crossed[0]!, crossed[1]!)
      if (crossed.length === 4) {
        const middle = corners.reduce((sum, value) => sum + value, 0) > 0
        // South with east and north with west where the middle goes with the south-western corner, else the other way.
        const [south_, east, north, west_] = edges as [number, number, number, number]
        if (middle === signs[0]) {
          link(south_, east)
          link(north, west_)
        } else {
          link(south_, west_)
          link(north, east)
        }
      }
    }
  }
  const place = (edge: number): [number, number] => {
    const node = edge >> 1
    const toNorth = edge & 1
    const [a, b] = [field[node]!, field[toNorth ? node + columns : node + 1]!]
    const part = a / (a - b)
    const { lat, lon } = plane.toPlace(
      west + ((node % columns) + (toNorth ? 0 : part)) * cellKm,
      south + (Math.floor(node / columns) + (toNorth ? part : 0)) * cellKm,
    )
    return [lon, lat]
  }
  return chains(links).map((chain) => chain.map(place))
}

/** Walks along links: first from loose ends, then round what is closed. */
function chains(links: Map<number, number[]>): number[][] {
  const found: number[][] = []
  const used = new Set<number>()
  const walk = (start: number) => {
    const chain = [start]
    used.add(start)
    for (let at = start; ;) {
      const next = links.get(at)!.find((to) => !used.has(to))
      if (next === undefined) break
      chain.push(next)
      used.add(next)
      at = next
    }
    return chain
  }
  const starts = [...links.keys()].sort((a, b) => a - b)
  for (const start of starts) if (!used.has(start) && links.get(start)!.length === 1) found.push(walk(start))
  for (const start of starts) {
    if (used.has(start)) continue
    const chain = walk(start)
    found.push([...chain, start])
  }
  return found
}
