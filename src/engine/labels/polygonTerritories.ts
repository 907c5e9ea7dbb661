import type { Position } from 'geojson'
import { areaFinder, type AreaFinder } from '#engine/geo/areaFinder.ts'
import { sharedBorders } from '#engine/geo/boundaries/sharedBorders.ts'
import { signedArea, type FlatLine } from '#engine/geo/flatGeometry.ts'
import { stepsBetween } from './kdTerritories.ts'
import { packLines } from './packLines.ts'
import type { Territories } from './territories.ts'

/**
 * The territories of labels that are polygons: of several that hold a place the first label has it, and a place in none has
 * none. Outlines are those of the file, whole: they end by themselves, so that no box cuts them.
 * @param areas for each label its polygons of closed rings, lon,lat degrees
 */
export function polygonTerritories(areas: Position[][][][]): Territories {
  let find: AreaFinder | null = null
  return {
    assign({ lat, lon }) {
      find ??= areaFinder(areas)
      return Int32Array.from(lat, (_, i) => find!(lat[i]!, lon[i]!))
    },
    borders: () => packLines(outlines(areas)),
    areas: () => areas.map((polygons) => polygons.flatMap((rings) => rings.map(turnedRing))),
    touching: () => sharedBorders(areas),
  }
}

/** An open ring: outlines counterclockwise, holes clockwise. */
function turnedRing(ring: Position[], place: number): FlatLine {
  const open = ring.slice(0, -1)
  const isOutline = place === 0
  const flat = open.flatMap(([lon, lat]) => [lon!, lat!])
  return signedArea(flat) > 0 === isOutline ? flat : open.toReversed().flatMap(([lon, lat]) => [lon!, lat!])
}

/** The sides of all rings as lines; a side that two areas share is drawn once. */
function outlines(areas: Position[][][][]): FlatLine[] {
  const seen = new Set<string>()
  const lines: FlatLine[] = []
  for (const ring of areas.flat(2)) {
    let line: FlatLine = []
    for (let k = 1; k < ring.length; k++) {
      const [from, to] = [ring[k - 1]!, ring[k]!]
      const ends = [`${from[0]},${from[1]}`, `${to[0]},${to[1]}`].sort().join(' ')
      if (seen.has(ends)) {
        if (line.length > 0) lines.push(line)
        line = []
        continue
      }
      seen.add(ends)
      if (line.length === 0) line.push(from[0]!, from[1]!)
      line.push(...side(from, to))
    }
    if (line.length > 0) lines.push(line)
  }
  return lines
}

/** The vertices of a side after its first: straight in degrees, as RFC 7946 has it, on any projection. */
function side([lon, lat]: Position, [toLon, toLat]: Position): FlatLine {
  const wide = Math.abs(toLon! - lon!) >= Math.abs(toLat! - lat!)
  const steps = wide ? stepsBetween(lon!, toLon!) : stepsBetween(lat!, toLat!)
  // A side that jumps over the antimeridian is none on the map.
  if (Math.abs(toLon! - lon!) > 180) return [toLon!, toLat!]
  return steps.slice(1).flatMap((_, k) => {
    const share = (k + 1) / (steps.length - 1)
    return share === 1 ? [toLon!, toLat!] : [lon! + (toLon! - lon!) * share, lat! + (toLat! - lat!) * share]
  })
}
