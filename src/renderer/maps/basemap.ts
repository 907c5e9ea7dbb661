import { projectBasemap, type Basemap } from '#pure/maps/basemapShapes.ts'
import type { AtlasProjection } from '#pure/maps/projection.ts'
import { pixelsPerKm, type MapCamera } from './mapCamera.ts'
import { naturalEarth } from './naturalEarth.ts'

/** Natural Earth's scales, 1 : 110, 50 and 10 million. */
export type Detail = '110m' | '50m' | '10m'

/** The level of detail that a view can show; a world map stops at 50m, which its whole extent can still carry. */
export function detailFor(projection: AtlasProjection, view: MapCamera): Detail {
  const scale = pixelsPerKm(view)
  if (scale < 0.06) return '110m'
  return scale < 0.8 || projection.name === 'equal-earth' ? '50m' : '10m'
}

const cache = new WeakMap<AtlasProjection, Map<Detail, Promise<Basemap>>>()

/** Land for a projection, read and projected once for each level of detail. */
export function basemap(projection: AtlasProjection, detail: Detail): Promise<Basemap> {
  let byDetail = cache.get(projection)
  if (!byDetail) cache.set(projection, (byDetail = new Map()))
  let found = byDetail.get(detail)
  if (!found) byDetail.set(detail, (found = load(projection, detail)))
  return found
}

async function load(projection: AtlasProjection, detail: Detail): Promise<Basemap> {
  const american = projection.name === 'albers-usa'
  const [world, states] = await Promise.all([naturalEarth.countries(detail), american ? naturalEarth.states() : null])
  return projectBasemap(projection, world, states)
}
