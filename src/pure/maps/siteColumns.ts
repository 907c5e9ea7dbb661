import type { FeatureCollection, Point } from 'geojson'
import type { SiteColumns } from '#protocol/siteColumns.ts'

/** lon,lat degrees interleaved. */
export function lonLatOf({ lat, lon }: SiteColumns): Float32Array {
  const lonLat = new Float32Array(2 * lat.length)
  for (let site = 0; site < lat.length; site++) {
    lonLat[2 * site] = lon[site]!
    lonLat[2 * site + 1] = lat[site]!
  }
  return lonLat
}

/** Of one site: its users by variant. */
export const usersAt = ({ users }: SiteColumns, site: number): number[] => users.map((of) => of[site]!)

/** As GeoJSON, a point a site. */
export const siteFeatures = (
  sites: SiteColumns,
): FeatureCollection<Point, { informants: number; users: number[] }> => ({
  type: 'FeatureCollection',
  features: sites.lat.map((lat, site) => ({
    type: 'Feature',
    properties: { informants: sites.informants[site]!, users: usersAt(sites, site) },
    geometry: { type: 'Point', coordinates: [sites.lon[site]!, lat] },
  })),
})

/** A table, a site a row, the head first. */
export const siteRows = (sites: SiteColumns, variants: string[]): (string | number)[][] => [
  ['lat', 'lon', 'informants', ...variants],
  ...sites.lat.map((lat, site) => [lat, sites.lon[site]!, sites.informants[site]!, ...usersAt(sites, site)]),
]
