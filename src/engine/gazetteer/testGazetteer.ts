import type { Gazetteer } from './gazetteer.ts'

/** A gazetteer of places of one's own; ids ascend from 1. */
export function gazetteerOf(
  ...cities: readonly {
    lat: number
    lon: number
    population?: number
    name?: string
    country?: string
    division?: string
  }[]
): Gazetteer {
  return {
    id: Int32Array.from(cities, (_, i) => i + 1),
    lat: Float64Array.from(cities, ({ lat }) => lat),
    lon: Float64Array.from(cities, ({ lon }) => lon),
    population: Float64Array.from(cities, ({ population }) => population ?? 20_000),
    names: cities.map(({ name }, i) => name ?? `City ${i}`),
    countries: cities.map(({ country }) => country ?? 'CH'),
    divisions: cities.map(({ division }) => division ?? '01'),
  }
}
