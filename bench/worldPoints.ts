import { aliasTable } from '#engine/embeddings/aliasTable.ts'
import type { Points } from '#engine/geo/points.ts'
import { loadGazetteer } from '#engine/gazetteer/gazetteer.ts'
import { seededRandom, type Random } from '#engine/random.ts'

/** Of a thousand points so many lie along the antimeridian, and as many near the poles. */
const awkwardPerMille = 2

/**
 * Points as authors of the world have them: round GeoNames' cities of more than 500 inhabitants, drawn by population,
 * wider round larger ones, with two to five decimals each, so that many coincide and many are equally far from one
 * another; some on both sides of the antimeridian and on it, some near the poles and at them.
 */
export async function worldPoints(count: number, seed: number): Promise<Points> {
  const cities = await loadGazetteer(500)
  const { threshold, alias } = aliasTable(cities.population)
  const random = seededRandom(seed)
  const drawCity = () => {
    const city = random.below(threshold.length)
    return random.below(2 ** 32) < threshold[city]! ? city : alias[city]!
  }
  const points: Points = { lat: new Float64Array(count), lon: new Float64Array(count) }
  for (let i = 0; i < count; i++) {
    const kind = random.below(1000)
    let lat: number
    let lon: number
    if (kind < awkwardPerMille) {
      lat = -20 + 5 * random.normal()
      lon = 180 + 0.5 * random.normal()
    } else if (kind < 2 * awkwardPerMille) {
      lat = (random.below(2) === 0 ? -90 : 90) + 0.3 * random.normal()
      lon = 360 * random.next() - 180
    } else {
      const city = drawCity()
      const spreadKm = 2 + Math.sqrt(cities.population[city]!) / 250
      lat = cities.lat[city]! + (spreadKm / 111.2) * random.normal()
      lon = cities.lon[city]! + ((spreadKm / 111.2) * random.normal()) / Math.cos((cities.lat[city]! * Math.PI) / 180)
    }
    const scale = 10 ** (2 + random.below(4))
    points.lat[i] = Math.max(-90, Math.min(90, Math.round(lat * scale) / scale))
    points.lon[i] = withinHalfTurn(Math.round(lon * scale) / scale, scale, random)
  }
  return points
}

/** On the antimeridian itself either sign is right, and both occur. */
function withinHalfTurn(lon: number, scale: number, random: Random): number {
  const turned = lon > 180 ? lon - 360 : lon < -180 ? lon + 360 : lon
  const rounded = Math.round(turned * scale) / scale
  return Math.abs(rounded) === 180 && random.below(2) === 0 ? -rounded : rounded
}
