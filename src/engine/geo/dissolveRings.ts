import { signedArea, type FlatLine } from './flatGeometry.ts'

/** About a centimetre: corners of neighbouring areas that differ by rounding become one. */
const gridDegrees = 1e-7

/**
 * The outline of areas that share whole sides: counterclockwise rings in, where two of them meet no side is left;
 * counterclockwise outlines and clockwise holes out. Rings that do not fit together come back as they are.
 */
export function dissolveRings(rings: FlatLine[]): FlatLine[] {
  if (rings.length < 2) return rings
  const corners = new Map<string, number>()
  const places: [number, number][] = []
  const cornerAt = (lon: number, lat: number): number => {
    const key = `${Math.round(lon / gridDegrees)},${Math.round(lat / gridDegrees)}`
    const known = corners.get(key)
    if (known !== undefined) return known
    corners.set(key, places.length)
    return places.push([lon, lat]) - 1
  }
  const onward = new Map<number, Set<number>>()
  for (const ring of rings) {
    let from = cornerAt(ring[ring.length - 2]!, ring[ring.length - 1]!)
    for (let k = 0; k < ring.length; k += 2) {
      const to = cornerAt(ring[k]!, ring[k + 1]!)
      if (to !== from && !onward.get(to)?.delete(from)) {
        onward.set(from, (onward.get(from) ?? new Set()).add(to))
      }
      from = to
    }
  }
  const outlines = traceOutlines(onward)
  return outlines?.map((outline) => outline.flatMap((corner) => places[corner]!)) ?? rings
}

/** Follows sides until each is used; an outline that touches itself is cut there. Null where one does not close. */
function traceOutlines(onward: Map<number, Set<number>>): number[][] | null {
  const outlines: number[][] = []
  for (const [start, ends] of onward) {
    while (ends.size > 0) {
      const path = [start]
      const positions = new Map([[start, 0]])
      while (path.length > 0) {
        const next = takeOne(onward.get(path[path.length - 1]!))
        if (next === null) return null
        const met = positions.get(next)
        if (met === undefined) {
          positions.set(next, path.push(next) - 1)
          continue
        }
        const outline = path.splice(met)
        outlines.push(outline)
        for (const corner of outline) positions.delete(corner)
        if (met > 0) positions.set(next, path.push(next) - 1)
      }
    }
  }
  return outlines
}

function takeOne(ends: Set<number> | undefined): number | null {
  for (const end of ends ?? []) {
    ends!.delete(end)
    return end
  }
  return null
}

/** Polygons of rings as GeoJSON nests them: each outline with the holes that lie in it. */
export function nestRings(rings: FlatLine[]): FlatLine[][] {
  const byArea = rings.map((ring) => ({ ring, area: signedArea(ring) }))
  const outlines = byArea.filter(({ area }) => area > 0).sort((a, b) => a.area - b.area)
  const polygons = outlines.map(({ ring }) => [ring])
  for (const { ring } of byArea.filter(({ area }) => area < 0)) {
    // The smallest outline round the middle of a side: a corner may lie on another outline too.
    const [lon, lat] = [(ring[0]! + ring[2]!) / 2, (ring[1]! + ring[3]!) / 2]
    const home = outlines.findIndex(({ ring: outline }) => contains(outline, lon, lat))
    polygons[home]?.push(ring)
  }
  return polygons
}

/** Whether a ring goes round a point (even-odd rule). */
export function contains(ring: FlatLine, lon: number, lat: number): boolean {
  let inside = false
  for (let k = 0, last = ring.length - 2; k < ring.length; last = k, k += 2) {
    const [x1, y1, x2, y2] = [ring[last]!, ring[last + 1]!, ring[k]!, ring[k + 1]!]
    if (y1 > lat !== y2 > lat && lon < ((x2 - x1) * (lat - y1)) / (y2 - y1) + x1) inside = !inside
  }
  return inside
}
