import { EngineError } from '#protocol/errors.ts'
import type { DegreeBox } from '#protocol/degreeBox.ts'
import type { PlacesOfNames } from '#protocol/methods.ts'
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
 * Writes the names of the places of a country or a rectangle as a corpus: a text each, with division and population as further columns,
 * of a rectangle with the country. What the endings of names say of old settlement needs no survey (GeoNames, CC BY 4.0).
 * @throws EngineError 'gazetteer/no-country', 'gazetteer/no-places', 'export/exists'
 */
export async function writePlaceNames(file: string, of: PlacesOfNames): Promise<{ file: string; places: number }> {
  const { names, lat, lon, countries, divisions, population } = await loadGazetteer(everyPlace)
  const wanted =
    'country' in of
      ? (i: number) => countries[i] === of.country
      : (i: number) => isWithin(of.box, { lat: lat[i]!, lon: lon[i]! })
  const places = [...names.keys()].filter(wanted)
  if (places.length === 0) throw noPlaces(of)
  const further = 'country' in of ? [] : [{ name: 'country', values: countries }]
  const columns = [...further, { name: 'division', values: divisions }, { name: 'population', values: population }]
  const text = csvText([
    ['lat', 'lon', 'text', ...columns.map(({ name }) => name)],
    ...places.map((i) => [lat[i]!, lon[i]!, names[i]!, ...columns.map(({ values }) => values[i]!)]),
  ])
  await writeNewFile(file, (opened) => opened.writeFile(`${text}\n`))
  return { file, places: places.length }
}

const isWithin = ({ south, north, west, east }: DegreeBox, { lat, lon }: { lat: number; lon: number }) =>
  lat >= south && lat <= north && (west <= east ? lon >= west && lon <= east : lon >= west || lon <= east)

const noPlaces = (of: PlacesOfNames) =>
  'country' in of
    ? new EngineError(
        'gazetteer/no-country',
        `The gazetteer has no places in "${of.country}"; expected the two letters of a country (ISO 3166), such as DE.`,
      )
    : new EngineError(
        'gazetteer/no-places',
        `The gazetteer has no places from ${of.box.south} to ${of.box.north} latitude, ${of.box.west} to ${of.box.east} longitude. Choose a rectangle with land.`,
      )
