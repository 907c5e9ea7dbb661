import type { Position } from 'geojson'

/** Seven decimals of a degree, about a centimetre: what programs write of one corner may differ beyond. */
const keyOf = ([lon, lat]: Position) => `${Math.round(lon! * 1e7)},${Math.round(lat! * 1e7)}`

/**
 * Pairs of areas that touch, by a corner that both have (queen contiguity); flat: a1, b1, a2, b2, ascending, a below b. Areas
 * whose common border has other corners on either side do not count as touching.
 * @param areas for each area its polygons, lon,lat degrees
 */
export function sharedBorders(areas: Position[][][][]): Int32Array {
  const owners = new Map<string, number[]>()
  areas.forEach((polygons, area) => {
    for (const position of polygons.flat(2)) {
      const key = keyOf(position)
      const known = owners.get(key)
      if (!known) owners.set(key, [area])
      else if (known.at(-1) !== area) known.push(area)
    }
  })
  const pairs = new Set<number>()
  for (const touching of owners.values())
    for (const a of touching) for (const b of touching) if (a < b) pairs.add(a * areas.length + b)
  return Int32Array.from(
    [...pairs].sort((a, b) => a - b).flatMap((pair) => [Math.floor(pair / areas.length), pair % areas.length]),
  )
}
