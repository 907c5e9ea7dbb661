import type { Topology } from 'topojson-specification'
import type { Position } from 'geojson'
import { projectBasemap, type Basemap } from '../maps/basemapShapes.ts'
import { chooseProjection, type AtlasProjection } from '../maps/projection.ts'
import { pointsPerMm } from './frame.ts'

/** Natural Earth's countries at 1 : 110, 50 and 10 million, and the states of the USA; read when they are asked for. */
export interface Atlas {
  countries(detail: '110m' | '50m' | '10m'): Promise<Topology>
  states(): Promise<Topology>
}

/** What a map is drawn on: its plane and what lies there, in planar km. */
export interface Ground extends Basemap {
  projection: AtlasProjection
  /** One's own borders and areas, shown as thin lines: lon,lat degrees. */
  context: Position[][]
}

/**
 * The ground under some places, at the level of detail that the figure can show: coasts at 1 : 10 million where a point of
 * the page is less than 1.2 km.
 * @param lonLat degrees, interleaved
 */
export async function groundUnder(
  lonLat: Float32Array,
  widthMm: number,
  atlas: Atlas,
  context: Position[][] = [],
): Promise<Ground> {
  const projection = chooseProjection(lonLat)
  const kmPerPoint = (projection.extent.maxX - projection.extent.minX) / (widthMm * pointsPerMm)
  const [lon, lat] = projection.centre
  const american = lon > -125 && lon < -66 && lat > 24 && lat < 50 && projection.name !== 'equal-earth'
  const world = projection.name === 'equal-earth'
  const detail = kmPerPoint > 30 ? '110m' : kmPerPoint > 1.2 || world ? '50m' : '10m'
  const [countries, states] = await Promise.all([
    atlas.countries(detail),
    american ? atlas.states() : Promise.resolve(null),
  ])
  return { ...projectBasemap(projection, countries, states), projection, context }
}

export const naturalEarth = 'Made with Natural Earth, free vector and raster map data @ naturalearthdata.com.'
