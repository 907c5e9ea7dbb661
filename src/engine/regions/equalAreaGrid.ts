import type { Points } from '#engine/geo/points.ts'
import { unitVectors } from '#engine/geo/unitVectors.ts'
import { equalAreaPlane, type EqualAreaPlane } from './equalAreaPlane.ts'

/** Square cells of one size in an equal-area plane over an area. Node (column, row) is number row * columns + column. */
export interface EqualAreaGrid {
  plane: EqualAreaPlane
  columns: number
  rows: number
  cellKm: number
  /** Of node (0, 0), the south-western one. */
  west: number
  south: number
  /** The places of all nodes, and the same as unit vectors. */
  places: Points
  vectors: Float64Array
  /** 1 where a node may be shown: on land, or wherever it lies where the caller wants no land. */
  shown: Uint8Array
}

export interface GridOptions {
  /** Along the longer side. */
  cells: number
  isLand: ((lat: number, lon: number) => boolean) | null
}

/** How far the grid goes beyond the outermost places, in shares of the longer side. */
const margin = 0.05

export function equalAreaGrid(places: Points, { cells, isLand }: GridOptions): EqualAreaGrid {
  const plane = equalAreaPlane(places)
  let [west, east, south, north] = [Infinity, -Infinity, Infinity, -Infinity]
  for (let i = 0; i < places.lat.length; i++) {
    const [x, y] = plane.toPlane(places.lat[i]!, places.lon[i]!)
    west = Math.min(west, x)
    east = Math.max(east, x)
    south = Math.min(south, y)
    north = Math.max(north, y)
  }
  // Places on a line, or one place, still have an area about them.
  const longer = Math.max(east - west, north - south, 1)
  const room = margin * longer
  const cellKm = (longer + 2 * room) / (cells - 1)
  const columns = Math.max(2, Math.ceil((east - west + 2 * room) / cellKm - 1e-9) + 1)
  const rows = Math.max(2, Math.ceil((north - south + 2 * room) / cellKm - 1e-9) + 1)
  const nodes: Points = { lat: new Float64Array(columns * rows), lon: new Float64Array(columns * rows) }
  const shown = new Uint8Array(columns * rows)
  for (let node = 0; node < shown.length; node++) {
    const { lat, lon } = plane.toPlace(
      west - room + (node % columns) * cellKm,
      south - room + Math.floor(node / columns) * cellKm,
    )
    nodes.lat[node] = lat
    nodes.lon[node] = lon
    // Beyond the edge of the world there is no place.
    shown[node] = Number.isFinite(lat) && Number.isFinite(lon) && (isLand === null || isLand(lat, lon)) ? 1 : 0
  }
  return {
    plane,
    columns,
    rows,
    cellKm,
    west: west - room,
    south: south - room,
    places: nodes,
    vectors: unitVectors(nodes),
    shown,
  }
}
