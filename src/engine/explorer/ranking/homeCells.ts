import type { Points } from '#engine/geo/points.ts'
import { placesOf, unitVectors } from '#engine/geo/unitVectors.ts'
import { cellsOfSites } from '#engine/regions/siteCells.ts'
import { logOddsZ } from './logOdds.ts'

/** Cells in which a word may be at home. */
export interface HomeCells {
  /** Of each site. */
  cellOf: Int32Array
  informants: Float64Array
  places: Points
}

export interface Home {
  lat: number
  lon: number
  ratio: { value: number; interval: [number, number] }
}

const leastInformants = 20
const mostCells = 400
/** Sites by cells of at least 20 informants, or so: of like numbers of them. */
export function homeCells(sites: Points, informants: Float64Array): HomeCells {
  const total = informants.reduce((sum, count) => sum + count, 0)
  const cells = Math.max(1, Math.min(mostCells, Math.floor(total / (1.5 * leastInformants))))
  const cellOf = cellsOfSites({ ...sites, informants }, cells)
  const count = cellOf.reduce((most, cell) => Math.max(most, cell + 1), 0)
  const vectors = unitVectors(sites)
  const sums = new Float64Array(3 * count)
  const inCell = new Float64Array(count)
  cellOf.forEach((cell, site) => {
    inCell[cell]! += informants[site]!
    for (let axis = 0; axis < 3; axis++) sums[3 * cell + axis]! += informants[site]! * vectors[3 * site + axis]!
  })
  return { cellOf, informants: inCell, places: placesOf(sums) }
}

/**
 * The cell with the greatest z of the log-odds ratio of using a word inside against outside, counts being informants; ties go
 * to the first. The ratio of shares has a 95 % interval by its logarithm, half an informant added on either side.
 * @param users by cell
 */
export function homeOf({ informants, places }: HomeCells, users: Float64Array): Home {
  const all = informants.reduce((sum, count) => sum + count, 0)
  const using = users.reduce((sum, count) => sum + count, 0)
  let [home, greatest] = [-1, -Infinity]
  users.forEach((inside, cell) => {
    if (informants[cell]! < Math.min(leastInformants, all / 2)) return
    const z = logOddsZ({
      inside,
      insideOf: informants[cell]!,
      outside: using - inside,
      outsideOf: all - informants[cell]!,
    })
    if (z > greatest) [home, greatest] = [cell, z]
  })
  const [yesIn, allIn] = [users[home]! + 0.5, informants[home]! + 1]
  const [yesOut, allOut] = [using - users[home]! + 0.5, all - informants[home]! + 1]
  const value = yesIn / allIn / (yesOut / allOut)
  const error = Math.sqrt(Math.max(0, 1 / yesIn - 1 / allIn + 1 / yesOut - 1 / allOut))
  return {
    lat: places.lat[home]!,
    lon: places.lon[home]!,
    ratio: { value, interval: [value * Math.exp(-1.96 * error), value * Math.exp(1.96 * error)] },
  }
}
