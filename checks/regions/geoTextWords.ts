import { existsSync } from 'node:fs'
import { resolve } from 'node:path'
import { preprocessSettings } from '#protocol/experiment.ts'
import { openRowSource } from '#engine/corpus/import/form/openRowSource.ts'
import type { RowTaker } from '#engine/corpus/import/form/rowTaker.ts'
import { tokenise } from '#engine/corpus/text/tokenise.ts'
import { tokeniserResources } from '#engine/corpus/text/tokeniserResources.ts'
import type { RankedCorpus } from '#engine/explorer/ranking/testUnits.ts'
import type { UnitUsers } from '#engine/explorer/ranking/unitUsers.ts'
import { usersFrom } from './drawnWords.ts'

/** Tweets of American authors (Eisenstein et al. 2010), one author a row: name, latitude, longitude, text. */
const source = resolve('../shared/corpora/geotext/user_info.train-partial.gz')
const leastUsers = 20

/** Words with 20 users and more, mentions and hashtags aside; null where the corpus is absent. */
export async function geoTextWords(): Promise<{ corpus: RankedCorpus; used: UnitUsers } | null> {
  if (!existsSync(source)) return null
  const settings = preprocessSettings.parse({})
  const resources = await tokeniserResources(settings, 'text')
  const { read } = await openRowSource(source, { format: 'user-info' })
  const rows: { lat: number; lon: number; tokens: string[] }[] = []
  const taker: RowTaker = {
    row(_line, fields) {
      const [lat, lon, text] = [1, 2, 3].map((column) => fields.text(column)) as [string, string, string]
      rows.push({ lat: Number(lat), lon: Number(lon), tokens: tokenise(text, settings, resources).tokens })
    },
    reject() {},
  }
  for await (const _ of read(taker)) continue
  const placed = rows.filter(({ lat, lon }) => Number.isFinite(lat) && Number.isFinite(lon))
  const users = new Map<string, number[]>()
  placed.forEach(({ tokens }, informant) => {
    for (const word of new Set(tokens)) {
      const list = users.get(word)
      if (list) list.push(informant)
      else users.set(word, [informant])
    }
  })
  const lists = [...users]
    .filter(([word, list]) => list.length >= leastUsers && !/^[@#<]/u.test(word))
    .map(([, list]) => Int32Array.from(list))
  const lengths = Float64Array.from(placed, ({ tokens }) => tokens.length)
  return {
    corpus: {
      sites: { lat: Float64Array.from(placed, ({ lat }) => lat), lon: Float64Array.from(placed, ({ lon }) => lon) },
      siteOf: Int32Array.from(placed.keys()),
      isSurvey: false,
    },
    used: usersFrom(lists, lengths),
  }
}
