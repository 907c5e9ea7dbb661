import { haversineKm } from '#pure/greatCircle.ts'
import type { Points } from '#engine/geo/points.ts'
import { loadGazetteer, type Gazetteer } from '#engine/gazetteer/gazetteer.ts'
import { cityFinder } from '#engine/gazetteer/nearestCity.ts'

/** How many points are looked at. */
const sampleSize = 300
/** A mistake is likely where it puts this many times as many points into cities. */
const clearlyMore = 2.5
/** A point within this of a city of 15,000 inhabitants lies in it. */
const inCityKm = 5

type Mistake = 'swapped' | 'longitude' | 'latitude' | 'both'

const asMeant: Record<Mistake, (points: Points) => Points> = {
  swapped: ({ lat, lon }) => ({ lat: lon, lon: lat }),
  longitude: ({ lat, lon }) => ({ lat, lon: lon.map((value) => -value) }),
  latitude: ({ lat, lon }) => ({ lat: lat.map((value) => -value), lon }),
  both: ({ lat, lon }) => ({ lat: lat.map((value) => -value), lon: lon.map((value) => -value) }),
}

/**
 * Which mistake the coordinates look like: as given the points lie far from any city of 15,000 inhabitants, swapped or
 * mirrored at the meridian of Greenwich or at the equator near one. Such coordinates are valid, so this only warns.
 */
export async function likelyMistake(points: Points): Promise<Mistake | null> {
  const every = Math.max(1, Math.floor(points.lat.length / sampleSize))
  const lat = points.lat.filter((_, i) => i % every === 0)
  const lon = points.lon.filter((_, i) => i % every === 0)
  if (lat.length === 0) return null
  const given = await nearness({ lat, lon })
  if (given.medianKm <= 30 && given.inCities * clearlyMore > 1) return null
  let best: { mistake: Mistake; medianKm: number } | null = null
  for (const mistake of Object.keys(asMeant) as Mistake[]) {
    const meant = asMeant[mistake]({ lat, lon })
    if (meant.lat.some((value) => Math.abs(value) > 90)) continue
    const found = await nearness(meant)
    const far = given.medianKm > 30 && found.medianKm < given.medianKm / 4
    // Where cities stand close, as in Europe, every point is near one, but only the right ones are in one.
    const beside = lat.length >= 10 && found.inCities > 0.6 && found.inCities > clearlyMore * given.inCities
    if ((far || beside) && (!best || found.medianKm < best.medianKm)) best = { mistake, medianKm: found.medianKm }
  }
  return best?.mistake ?? null
}

/** Made once a process: an import looks at several mistakes, a preview at every change. */
let cities: Promise<{ gazetteer: Gazetteer; nearest: (points: Points) => Int32Array }> | undefined

async function nearness(points: Points): Promise<{ medianKm: number; inCities: number }> {
  cities ??= loadGazetteer(15_000).then((gazetteer) => ({ gazetteer, nearest: cityFinder(gazetteer) }))
  const { gazetteer, nearest } = await cities
  const found = nearest(points)
  const distances = Float64Array.from(found, (city, i) =>
    haversineKm(points.lat[i]!, points.lon[i]!, gazetteer.lat[city]!, gazetteer.lon[city]!),
  ).sort()
  return {
    medianKm: distances[distances.length >> 1]!,
    inCities: distances.filter((km) => km < inCityKm).length / distances.length,
  }
}

/** What is told of a likely mistake. @param names of the columns of latitude and longitude, where there are two */
export function mistakeWarning(
  mistake: Mistake,
  names: { lat?: string | undefined; lon?: string | undefined },
): string {
  const nothing = 'Nothing was rejected for it.'
  if (mistake === 'swapped') {
    const remedy =
      names.lat && names.lon
        ? `take the column "${names.lon}" for the latitude and "${names.lat}" for the longitude`
        : 'say the other order (columns.pointOrder)'
    return `Latitude and longitude look swapped: as given, most points lie far from any city, the other way round they lie near one. If so, ${remedy}. ${nothing}`
  }
  const [what, where] = {
    longitude: ['The longitudes seem', 'east for west, mirrored at the meridian of Greenwich'],
    latitude: ['The latitudes seem', 'north for south, mirrored at the equator'],
    both: ['Latitudes and longitudes seem', 'mirrored at the equator and at the meridian of Greenwich'],
  }[mistake]
  return `${what} to have the wrong sign (${where}): as given, most points lie far from any city, with the other sign they lie in one. If a minus sign or a W or S was lost, mend the file. ${nothing}`
}
