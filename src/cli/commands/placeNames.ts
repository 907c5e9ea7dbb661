import { resolve } from 'node:path'
import type { Command } from 'commander'
import type { DegreeBox } from '#protocol/degreeBox.ts'
import { print, printResult, textTable, type OutputOptions } from '../output.ts'
import { withEngine } from '../withEngine.ts'

/** `place-names`: the names of the places of a country or a rectangle as a file to import, or which countries there are. */
export async function placeNames(
  country: string | undefined,
  options: OutputOptions & { out?: string; box?: DegreeBox },
  command: Command,
): Promise<void> {
  if (country !== undefined && options.box) command.error('error: name a country or a --box, not both')
  await withEngine(async (engine) => {
    const { box } = options
    if (country === undefined && box === undefined) {
      const countries = await engine.request('sample.countries', {})
      return printResult(options, countries, () =>
        textTable([['country', 'places'], ...countries.map((one) => [one.country, String(one.places)])]),
      )
    }
    const file = resolve(options.out ?? `place-names-${country ?? 'box'}.csv`)
    const of = box ? { box } : { country: country! }
    const written = await engine.request('sample.placeNames', { file, of })
    printResult(options, written, () => `${written.file}: ${written.places} places`)
    if (!options.json) print(`Next: isogloss import ${written.file} --project FOLDER`)
  })
}
