import { EngineError } from '#protocol/errors.ts'
import { csvText } from '#pure/csvText.ts'
import { writeNewFile } from '#engine/files/newFile.ts'
import { loadGazetteer } from '#engine/gazetteer/gazetteer.ts'

/** All places that come with the program: those of more than 500 inhabitants. */
const everyPlace = 0

/** The countries of the gazetteer with their number of places, most first; ties by code. */
export async function placeCountries(): Promise<{ country: string; places: number }[]> {
  const { countries } = await loadGazetteer(everyPlace)
  const counts = new Map<string, number>()
  for (const country of countries) counts.set(country, (counts.get(country) ?? 0) + 1)
  return [...counts]
    .map(([country, places]) => ({ country, places }))
    .sort((a, b) => b.places - a.places || (a.country < b.country ? -1 : 1))
}

/**
 * Writes the names of a country's places as a corpus: a text each, with division and population as further columns. What the
 * endings of names say of old settlement needs no survey (GeoNames, CC BY 4.0).
 * @param country ISO 3166 code
 * @throws EngineError 'gazetteer/no-country', 'export/exists'
 */
export async function writePlaceNames(file: string, country: string): Promise<{ file: string; places: number }> {
  const { names, lat, lon, countries, divisions, population } = await loadGazetteer(everyPlace)
  const wanted = names.flatMap((_, i) => (countries[i] === country ? [i] : []))
  if (wanted.length === 0)
    throw new EngineError(
      'gazetteer/no-country',
      `The gazetteer has no places in "${country}"; expected the two letters of a country (ISO 3166), such as DE.`,
    )
  const rows = wanted.map((i) => [lat[i]!, lon[i]!, names[i]!, divisions[i]!, population[i]!])
  const text = csvText([['lat', 'lon', 'text', 'division', 'population'], ...rows])
  await writeNewFile(file, (opened) => opened.writeFile(`${text}\n`))
  return { file, places: wanted.length }
}
