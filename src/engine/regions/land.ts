import { feature } from 'topojson-client'
import type { GeometryCollection, Topology } from 'topojson-specification'
import { areaFinder, type AreaFinder } from '#engine/geo/areaFinder.ts'

let loaded: Promise<AreaFinder> | null = null

/** Tells of places whether they are on land (Natural Earth at 1:50m, lakes count as land). Read once a process. */
export async function landTest(): Promise<(lat: number, lon: number) => boolean> {
  loaded ??= import('world-atlas/land-50m.json').then(({ default: topology }) =>
    finderOf(topology as unknown as Topology<{ land: GeometryCollection }>),
  )
  const find = await loaded
  return (lat, lon) => find(lat, lon) === 0
}

function finderOf(topology: Topology<{ land: GeometryCollection }>): AreaFinder {
  const { features } = feature(topology, topology.objects.land)
  const polygons = features.flatMap(({ geometry }) =>
    geometry.type === 'MultiPolygon' ? geometry.coordinates : geometry.type === 'Polygon' ? [geometry.coordinates] : [],
  )
  return areaFinder([polygons])
}
