import { mkdir, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { corpusSettings } from '#protocol/experiment.ts'
import { quietContext } from '#engine/context.ts'
import { openCorpus, type Corpus } from '#engine/corpus/corpusReader.ts'
import { importCorpus } from '#engine/corpus/import/importCorpus.ts'
import { buildTokens } from '#engine/explorer/tokens/buildTokens.ts'
import { openTokens, type CorpusTokens } from '#engine/explorer/tokens/corpusTokens.ts'
import { typicalWords, type WordOfSelection } from '#engine/explorer/typical/typicalWords.ts'
import { loadGazetteer } from '#engine/gazetteer/gazetteer.ts'
import { nearestCity } from '#engine/gazetteer/nearestCity.ts'

export interface StateRanking {
  /** Two letters. */
  state: string
  informants: number
  /** Words that somebody in the state uses, most typical first. */
  words: WordOfSelection[]
}

/** Who use a word, everywhere together; informants that a state must have. */
const leastUsers = 5
const leastInformants = 20

/** Typical words of each state of the USA, by informants whose nearest city lies there, as the command `typical` ranks them. */
export async function stateRankings(files: string[]): Promise<StateRanking[]> {
  const directory = await mkdtemp(join(tmpdir(), 'isogloss-dareds-'))
  try {
    const [corpusFolder, tokensFolder] = [join(directory, 'corpus'), join(directory, 'tokens')]
    for (const folder of [corpusFolder, tokensFolder]) await mkdir(folder)
    const settings = corpusSettings.parse({ train: files, format: 'user-info', split: 'none' })
    await importCorpus(settings, corpusFolder, quietContext)
    const corpus = await openCorpus(corpusFolder)
    try {
      await buildTokens(corpus, tokensFolder, quietContext)
      return await rankingsOf(await openTokens(tokensFolder), await statesOf(corpus))
    } finally {
      corpus.close()
    }
  } finally {
    await rm(directory, { recursive: true, force: true })
  }
}

/** The state of each document; empty elsewhere. */
async function statesOf({ points }: Corpus): Promise<string[]> {
  const gazetteer = await loadGazetteer(1000)
  return Array.from(nearestCity(gazetteer, points), (city) =>
    gazetteer.countries[city] === 'US' ? gazetteer.divisions[city]! : '',
  )
}

async function rankingsOf(tokens: CorpusTokens, stateOfRow: string[]): Promise<StateRanking[]> {
  const rankings: StateRanking[] = []
  for (const state of [...new Set(stateOfRow)].filter(Boolean).sort()) {
    const side = Uint8Array.from(tokens.rows, (row) => (stateOfRow[row] === state ? 1 : 0))
    const { informants, words } = await typicalWords(
      tokens,
      { side, minInformants: leastUsers, isWanted: (word) => /^\p{L}/u.test(word) },
      quietContext,
    )
    if (informants.inside >= leastInformants) rankings.push({ state, informants: informants.inside, words })
  }
  return rankings
}
