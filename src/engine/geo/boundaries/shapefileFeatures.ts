import { readFile } from 'node:fs/promises'
import type { Geometry } from 'geojson'
import proj4 from 'proj4'
import { parseDbf, parseShp } from 'shpjs'
import { notReadable } from './boundaryErrors.ts'
import type { BoundaryFeature } from './boundaryFeature.ts'
import { shapefileSiblings } from './shapefileSiblings.ts'

type Extension = 'shp' | 'dbf' | 'prj' | 'cpg'
type PartOf = (extension: Extension) => Buffer | undefined

/** A Shapefile's parts beside its .shp, whatever the case of their names. */
export async function shapefileParts(path: string, shp: Buffer): Promise<PartOf> {
  const parts = new Map<Extension, Buffer>([['shp', shp]])
  for (const sibling of shapefileSiblings(path)) {
    const found = await readFile(sibling).catch(() => null)
    if (found) parts.set(sibling.slice(-3).toLowerCase() as Extension, found)
  }
  return (extension) => parts.get(extension)
}

/** The records of a Shapefile, in degrees where it has a .prj. */
export function shapefileFeatures(path: string, partOf: PartOf): BoundaryFeature[] {
  const prj = partOf('prj')?.toString('utf8').trim()
  if (prj !== undefined) {
    try {
      proj4(prj)
    } catch (cause) {
      throw notReadable(
        path,
        `its .prj names a projection that is not known (${(cause as Error).message ?? cause})`,
        cause,
      )
    }
  }
  try {
    const shapes = parseShp(partOf('shp')!, prj)
    const dbf = partOf('dbf')
    const rows = dbf ? parseDbf(dbf, partOf('cpg')?.toString('utf8').trim()) : []
    return shapes.map((geometry: Geometry | null, i: number) => ({
      type: 'Feature',
      geometry,
      properties: rows[i] ?? null,
    }))
  } catch (cause) {
    throw notReadable(path, `the Shapefile is damaged or cut off (${(cause as Error).message})`, cause)
  }
}
