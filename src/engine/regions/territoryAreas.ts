import type { StageContext } from '#engine/context.ts'
import { distinctPlaces } from '#engine/geo/distinctPlaces.ts'
import type { Points } from '#engine/geo/points.ts'
import { SphereIndex } from '#engine/geo/sphereIndex.ts'
import { unitVectors } from '#engine/geo/unitVectors.ts'
import { pause } from '#engine/pause.ts'
import { earthRadiusKm } from '#pure/greatCircle.ts'
import { landTest } from './land.ts'

/** How far from training points a territory is counted: outer cells of a k-d tree have no end. */
const nearKm = 100
/** Cells of the first look, and cells that are counted, about. */
const coarseKm = 25
const countedCells = 200_000
const radians = Math.PI / 180

interface Row {
  lat: number
  /** Longitudes of the middles of its cells. */
  lons: Float64Array
  cellKm2: number
}

/**
 * The area in km2 of each label's territory on land within 100 km of training points, from some 200,000 cells of like area: a
 * label that holds the middle of none has that of a cell.
 * @param assign the label of places; -1 where the scheme has none
 */
export async function territoryAreasKm2(
  assign: (points: Points) => Int32Array,
  labelCount: number,
  train: Points,
  context: StageContext,
): Promise<Float64Array> {
  const { places } = await distinctPlaces(train, context)
  const near = await nearLand(places)
  let coarse = 0
  for (const row of rowsOf(places, coarseKm)) {
    coarse += near(row).lat.length * row.cellKm2
    await pause(context)
  }
  const cellKm = Math.min(coarseKm, Math.max(0.25, Math.sqrt(coarse / countedCells)))
  const areas = new Float64Array(labelCount)
  for (const row of rowsOf(places, cellKm)) {
    for (const label of assign(near(row))) if (label >= 0) areas[label]! += row.cellKm2
    await pause(context)
  }
  return areas.map((area) => Math.max(area, cellKm * cellKm))
}

/** What keeps of a row the cells that are on land and near a place. */
async function nearLand(places: Points): Promise<(row: Row) => Points> {
  const isLand = await landTest()
  const ofPlaces = unitVectors(places)
  const index = SphereIndex.build(ofPlaces)
  const mostChord = 2 * Math.sin(nearKm / 2 / earthRadiusKm)
  return ({ lat, lons }) => {
    const kept = lons.filter((lon) => isLand(lat, lon))
    const cells = unitVectors({ lat: new Float64Array(kept.length).fill(lat), lon: kept })
    const nearest = index.nearest(cells)
    const chord = (i: number, axis: number) => ofPlaces[3 * nearest[i]! + axis]! - cells[3 * i + axis]!
    const lon = kept.filter((_, i) => Math.hypot(chord(i, 0), chord(i, 1), chord(i, 2)) <= mostChord)
    return { lat: new Float64Array(lon.length).fill(lat), lon }
  }
}

/** Rows of cells about as high as wide that cover everything within reach of the places. */
function* rowsOf(places: Points, cellKm: number): Generator<Row> {
  const heightDegrees = cellKm / (earthRadiusKm * radians)
  const reachDegrees = nearKm / (earthRadiusKm * radians)
  const sorted = Array.from(places.lat.keys()).sort((a, b) => places.lat[a]! - places.lat[b]!)
  // Places are sorted by latitude: those within reach of a row are a window that moves on.
  let [first, end] = [0, 0]
  const south = Math.max(-90, places.lat[sorted[0]!]! - reachDegrees)
  const north = Math.min(90, places.lat[sorted.at(-1)!]! + reachDegrees)
  for (let from = south; from < north; from += heightDegrees) {
    const to = Math.min(north, from + heightDegrees)
    while (end < sorted.length && places.lat[sorted[end]!]! <= to + reachDegrees) end++
    while (first < end && places.lat[sorted[first]!]! < from - reachDegrees) first++
    if (first === end) continue
    const lat = (from + to) / 2
    const count = Math.max(1, Math.round((2 * Math.PI * earthRadiusKm * Math.cos(lat * radians)) / cellKm))
    const window = sorted.slice(first, end).map((i) => places.lon[i]!)
    yield {
      lat,
      lons: lonsNear(window, count, reachDegrees / Math.max(0.01, Math.cos(lat * radians))),
      cellKm2: (2 * Math.PI * earthRadiusKm ** 2 * (Math.sin(to * radians) - Math.sin(from * radians))) / count,
    }
  }
}

/** The middles of those of `count` cells round the globe that may be within reach of one of the longitudes, in rising order. */
function lonsNear(window: number[], count: number, reachDegrees: number): Float64Array {
  const width = 360 / count
  // A great circle reaches a little farther along a parallel than the parallel itself does.
  const span = Math.ceil(Math.min(180, reachDegrees * 1.1 + width) / width)
  const middle = (k: number) => -180 + (k + 0.5) * width
  if (2 * span + 1 >= count) return Float64Array.from({ length: count }, (_, k) => middle(k))
  const wanted = new Uint8Array(count)
  const found: number[] = []
  for (const cell of new Set(window.map((lon) => Math.floor((lon + 180) / width)))) {
    for (let k = cell - span; k <= cell + span; k++) {
      const around = ((k % count) + count) % count
      if (wanted[around] === 1) continue
      wanted[around] = 1
      found.push(around)
    }
  }
  return Float64Array.from(found).sort().map(middle)
}
