import { join } from 'node:path'
import type { Position } from 'geojson'
import { damagedFile, requireBelow } from '#engine/files/artefactFile.ts'
import { readArray, writeNpy } from '#engine/files/npy.ts'

const namesIn = (directory: string) => ({
  rings: join(directory, 'rings.npy'),
  vertices: join(directory, 'ringVertices.npy'),
})

/**
 * Writes rings.npy (rings x 3: label, polygon of the label, vertices) and ringVertices.npy (vertices x 2: longitude, latitude).
 * @param areas for each label its polygons of closed rings
 */
export async function savePolygons(areas: Position[][][][], directory: string): Promise<void> {
  const rows: [number, number, number][] = []
  const corners: Position[] = []
  areas.forEach((polygons, label) =>
    polygons.forEach((rings, polygon) =>
      rings.forEach((ring) => {
        rows.push([label, polygon, ring.length])
        for (const corner of ring) corners.push(corner)
      }),
    ),
  )
  const vertices = new Float64Array(2 * corners.length)
  corners.forEach(([lon, lat], i) => vertices.set([lon!, lat!], 2 * i))
  const { rings, vertices: path } = namesIn(directory)
  await writeNpy(rings, Int32Array.from(rows.flat()), [rows.length, 3])
  await writeNpy(path, vertices, [corners.length, 2])
}

/** @throws EngineError 'file/damaged' where the rings are none, or not those of the labels */
export async function loadPolygons(directory: string, labelCount: number): Promise<Position[][][][]> {
  const names = namesIn(directory)
  const { values: rows } = await readArray(names.rings, Int32Array, [null, 3])
  const column = (axis: number) => rows.filter((_, i) => i % 3 === axis)
  const [labels, polygons, lengths] = [column(0), column(1), column(2)]
  requireBelow(names.rings, labels, labelCount)
  requireBelow(names.rings, polygons, labels.length)
  const short = lengths.findIndex((length) => length < 4)
  if (short >= 0) throw damagedFile(names.rings, `ring ${short} has ${lengths[short]} vertices, expected at least 4`)
  const total = lengths.reduce((sum, length) => sum + length, 0)
  const { values: vertices } = await readArray(names.vertices, Float64Array, [total, 2])
  if (!vertices.every((degrees, i) => Math.abs(degrees) <= (i % 2 === 0 ? 541 : 91)))
    throw damagedFile(names.vertices, 'a vertex in it is no place')
  const areas: Position[][][][] = Array.from({ length: labelCount }, () => [])
  let at = 0
  lengths.forEach((length, ring) => {
    const area = areas[labels[ring]!]!
    const corners = Array.from({ length }, (_, k): Position => [vertices[2 * (at + k)]!, vertices[2 * (at + k) + 1]!])
    const own = area[polygons[ring]!]
    if (own) own.push(corners)
    else if (polygons[ring] === area.length) area.push([corners])
    else throw damagedFile(names.rings, `ring ${ring} is of polygon ${polygons[ring]}, expected ${area.length}`)
    at += length
  })
  const empty = areas.findIndex((area) => area.length === 0)
  if (empty >= 0) throw damagedFile(names.rings, `label ${empty} has no ring`)
  return areas
}
