import type { Gazetteer } from './gazetteer.ts'

/**
 * Names that tell cities apart, in the order of `cities` (positions in the gazetteer, each once): the name alone
 * where no other has it, else with its country, else with its first-level division, else with its GeoNames id.
 */
export function cityNames({ names, countries, divisions, id }: Gazetteer, cities: Int32Array): string[] {
  const candidates = [
    (city: number) => names[city]!,
    (city: number) => `${names[city]} (${countries[city]})`,
    (city: number) => `${names[city]} (${countries[city]}-${divisions[city]})`,
    (city: number) => `${names[city]} (GeoNames ${id[city]})`,
  ]
  const result: string[] = new Array(cities.length).fill('')
  let unnamed = Array.from(cities.keys())
  for (const candidate of candidates) {
    const sharing = new Map<string, number>()
    for (const position of unnamed) {
      const name = candidate(cities[position]!)
      result[position] = name
      sharing.set(name, (sharing.get(name) ?? 0) + 1)
    }
    unnamed = unnamed.filter((position) => sharing.get(result[position]!)! > 1)
  }
  return result
}
