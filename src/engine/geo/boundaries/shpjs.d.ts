declare module 'shpjs' {
  import type { Geometry } from 'geojson'
  /** @param prj well-known text of the projection that the coordinates are brought from to degrees */
  export function parseShp(shp: Uint8Array, prj?: string): (Geometry | null)[]
  /** @param cpg name of the encoding */
  export function parseDbf(dbf: Uint8Array, cpg?: string): Record<string, unknown>[]
}
