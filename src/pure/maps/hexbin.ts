import type { Extent } from './extent.ts'

/** Hexagons with their pointed side up, of one size; bin i is centred on centres[2i], centres[2i + 1]. */
export interface Hexbins {
  radiusKm: number
  centres: Float32Array
  counts: Uint32Array
}

const sqrt3 = Math.sqrt(3)

/**
 * Counts points in hexagons of equal area. A point goes to the nearest hexagon's centre, ties to the lower row.
 * Memory is that of the grid over `extent`, so the caller keeps radius and extent in proportion.
 * @param xy planar km, interleaved; NaN and points outside the extent are left out
 * @param radiusKm from a hexagon's centre to its corner
 */
export function hexbin(xy: Float32Array, radiusKm: number, extent: Extent): Hexbins {
  const stepX = radiusKm * sqrt3
  const stepY = radiusKm * 1.5
  // The grid is anchored at the plane's origin: hexagons stay where they are while the map is moved.
  const firstRow = Math.floor(extent.minY / stepY) - 1
  const firstColumn = Math.floor(extent.minX / stepX) - 1
  const rows = Math.ceil(extent.maxY / stepY) + 2 - firstRow
  const columns = Math.ceil(extent.maxX / stepX) + 2 - firstColumn
  const grid = new Uint32Array(rows * columns)
  let used = 0
  for (let i = 0; i + 1 < xy.length; i += 2) {
    const x = xy[i]!
    const y = xy[i + 1]!
    if (!(x >= extent.minX && x <= extent.maxX && y >= extent.minY && y <= extent.maxY)) continue
    const cell = nearestCell(x, y, stepX, stepY)
    const slot = (cell.row - firstRow) * columns + (cell.column - firstColumn)
    if (grid[slot]!++ === 0) used++
  }
  const centres = new Float32Array(2 * used)
  const counts = new Uint32Array(used)
  let bin = 0
  for (let slot = 0; slot < grid.length; slot++) {
    if (grid[slot] === 0) continue
    const row = Math.floor(slot / columns) + firstRow
    const column = (slot % columns) + firstColumn
    centres[2 * bin] = (column + (row & 1) / 2) * stepX
    centres[2 * bin + 1] = row * stepY
    counts[bin++] = grid[slot]!
  }
  return { radiusKm, centres, counts }
}

const cell = { row: 0, column: 0 }

/** Rows overlap by a third of a hexagon, so the centre is in the nearer of two neighbouring rows. */
function nearestCell(x: number, y: number, stepX: number, stepY: number): { row: number; column: number } {
  const low = Math.floor(y / stepY)
  let best = Infinity
  for (let row = low; row <= low + 1; row++) {
    const shift = (row & 1) / 2
    const column = Math.round(x / stepX - shift)
    const dx = x - (column + shift) * stepX
    const dy = y - row * stepY
    const distance = dx * dx + dy * dy
    if (distance < best) {
      best = distance
      cell.row = row
      cell.column = column
    }
  }
  return cell
}

/** Twelve vertices (four triangles) a hexagon, for a triangle list: planar km, interleaved. */
export function hexagonTriangles(bins: Hexbins): Float32Array {
  const count = bins.counts.length
  const vertices = new Float32Array(count * 24)
  // A hair smaller than the cell: neighbours of one count stay apart without drawing outlines.
  const radius = bins.radiusKm * 0.96
  const cornersX = Array.from({ length: 6 }, (_, k) => radius * Math.sin((k * Math.PI) / 3))
  const cornersY = Array.from({ length: 6 }, (_, k) => radius * Math.cos((k * Math.PI) / 3))
  let at = 0
  for (let i = 0; i < count; i++) {
    for (let k = 1; k < 5; k++) {
      for (const corner of [0, k, k + 1]) {
        vertices[at++] = bins.centres[2 * i]! + cornersX[corner]!
        vertices[at++] = bins.centres[2 * i + 1]! + cornersY[corner]!
      }
    }
  }
  return vertices
}
