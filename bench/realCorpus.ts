import { existsSync } from 'node:fs'
import { writeFile } from 'node:fs/promises'
import { resolve } from 'node:path'
import { preprocessSettings } from '#protocol/experiment.ts'
import { openRowSource } from '#engine/corpus/import/form/openRowSource.ts'
import type { RowTaker } from '#engine/corpus/import/form/rowTaker.ts'
import { tokenise } from '#engine/corpus/text/tokenise.ts'
import { tokeniserResources } from '#engine/corpus/text/tokeniserResources.ts'

/** Swiss-German conversations with coordinates (VarDial SMG 2020), where someone has put them beside the project. */
const source = resolve('../shared/corpora/smg/ch/dev.txt.gz')
/** Every tenth document is kept from training. */
const testEvery = 10
const minFrequency = 2

/**
 * Writes PATH.train.txt, one training document a line, and PATH.json: train and test documents as [lat, lon, text], in
 * tokens. Rare words are left out, as peers have a minimum frequency of their own kind.
 * @returns false where the corpus is absent
 */
export async function writeRealCorpus(path: string): Promise<boolean> {
  if (!existsSync(source)) return false
  const settings = preprocessSettings.parse({})
  const resources = await tokeniserResources(settings, 'text')
  const { read } = await openRowSource(source, { format: 'lat-lon-text' })
  const documents: { lat: number; lon: number; tokens: string[] }[] = []
  const taker: RowTaker = {
    row(_line, fields) {
      documents.push({
        lat: Number(fields.text(0)),
        lon: Number(fields.text(1)),
        tokens: tokenise(fields.text(2), settings, resources).tokens,
      })
    },
    reject() {},
  }
  for await (const _ of read(taker)) continue
  const isTest = (i: number) => i % testEvery === 0
  const counts = new Map<string, number>()
  documents.forEach(({ tokens }, i) => {
    if (!isTest(i)) for (const token of tokens) counts.set(token, (counts.get(token) ?? 0) + 1)
  })
  const kept = documents.map(({ lat, lon, tokens }): [number, number, string] => [
    lat,
    lon,
    tokens.filter((token) => (counts.get(token) ?? 0) >= minFrequency).join(' '),
  ])
  const [train, test] = [kept.filter((_, i) => !isTest(i)), kept.filter((_, i) => isTest(i))]
  await writeFile(`${path}.train.txt`, train.map(([, , text]) => `${text}\n`).join(''))
  await writeFile(`${path}.json`, JSON.stringify({ train, test }))
  return true
}
