import { resolve } from 'node:path'
import { print, printResult, textTable, type OutputOptions } from '../output.ts'
import { withEngine } from '../withEngine.ts'

/** `place-names`: the names of a country's places as a file to import, or which countries there are. */
export async function placeNames(
  country: string | undefined,
  options: OutputOptions & { out?: string },
): Promise<void> {
  await withEngine(async (engine) => {
    if (country === undefined) {
      const countries = await engine.request('sample.countries', {})
      return printResult(options, countries, () =>
        textTable([['country', 'places'], ...countries.map((one) => [one.country, String(one.places)])]),
      )
    }
    const file = resolve(options.out ?? `place-names-${country}.csv`)
    const written = await engine.request('sample.placeNames', { file, country })
    printResult(options, written, () => `${written.file}: ${written.places} places`)
    if (!options.json) print(`Next: isogloss import ${written.file} --project FOLDER`)
  })
}
