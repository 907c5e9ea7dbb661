import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { mkdir, rm } from 'node:fs/promises'
import { availableParallelism } from 'node:os'
import { join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { corpusSettings, preprocessSettings } from '#protocol/experiment.ts'
import { quietContext } from '#engine/context.ts'
import { openCorpus } from '#engine/corpus/corpusReader.ts'
import { importCorpus } from '#engine/corpus/import/importCorpus.ts'
import { stopWordsOf } from '#engine/corpus/text/stopWords.ts'
import { buildVocabulary } from '#engine/corpus/vocabulary/buildVocabulary.ts'
import { best, interleave, worst } from './interleave.ts'
import type { BenchProgram, Measured } from './program.ts'
import { twitterCorpus, twitterForms, type TwitterCorpus, type TwitterForm } from './twitterCorpus.ts'

/**
 * From gz user-info files to a corpus and a vocabulary with encoded documents, against a pandas script of the same steps.
 * The ratio is of throughput; both sides must write the same words, counts and encoded documents, to the byte.
 */

interface ImportTask extends TwitterCorpus {
  out: string
  stopWords: string[]
  minFrequency: number
  maxWords: number
}
interface Imported {
  seconds: number
  /** Of all threads. */
  cpuSeconds: number
  importSeconds: number
  documents: number
  rejected: number
  tokens: number
}

const plans = { small: { share: 0.01, rounds: 1 }, default: { share: 0.1, rounds: 3 }, full: { share: 1, rounds: 1 } }

export const importBench: BenchProgram = {
  peers: { numpy: '2.4.6', pandas: '3.1.1', pyarrow: '26.0.1', regex: '2026.11.19' },
  ours: { importAndCount },
  async run({ size, directory, ours, peer, say }) {
    const { share, rounds } = plans[size]
    const ratios: Record<string, number> = {}
    const checks: Record<string, number | [number, number] | boolean> = {}
    const peaks = { ours: 0, peer: 0 }
    for (const form of ['us', 'world'] as const) {
      const corpus = await twitterCorpus(form, share, say)
      const run = (side: 'ours' | 'peer') => async () => {
        const out = join(directory, `${form}-${side}`)
        await rm(out, { recursive: true, force: true })
        const task: ImportTask = {
          ...corpus,
          out,
          stopWords: [...stopWordsOf('en')],
          minFrequency: 5,
          maxWords: twitterForms[form].maxWords,
        }
        return side === 'ours' ? ours<Imported>('importAndCount', task) : peer<Imported>('importPandas', task)
      }
      const { ours: own, peer: theirs } = await interleave(rounds, { ours: run('ours'), peer: run('peer') })
      say(`${form}: ours ${describe(own)}`)
      say(`${form}: pandas ${describe(theirs)}`)
      ratios[`${form}Like`] = best(theirs, ({ seconds }) => seconds) / best(own, ({ seconds }) => seconds)
      Object.assign(checks, await compare(form, directory, own[0]!, theirs[0]!))
      const peak = (results: Measured<Imported>[]) => worst(results, ({ peakMemoryMiB }) => peakMemoryMiB)
      checks[`${form}PeakMemoryMiB`] = [peak(own), peak(theirs)]
      if (peak(own) > peaks.ours) Object.assign(peaks, { ours: peak(own), peer: peak(theirs) })
    }
    return { ratios, checks, peakMemoryMiB: peaks }
  },
}

const describe = (results: Imported[]) =>
  results
    .map(
      ({ seconds, cpuSeconds, importSeconds, documents, tokens }) =>
        `${seconds.toFixed(1)} s (processor ${cpuSeconds.toFixed(1)} s, import ${importSeconds.toFixed(1)} s; ${Math.round(documents / seconds)} documents/s, ${(tokens / seconds / 1e6).toFixed(2)} M tokens/s)`,
    )
    .join(', ')

async function compare(form: TwitterForm, directory: string, own: Imported, theirs: Imported) {
  const same = async (file: string) =>
    (await hashOf(join(directory, `${form}-ours`, file))) === (await hashOf(join(directory, `${form}-peer`, file)))
  return {
    [`${form}Documents`]: [own.documents, theirs.documents] as [number, number],
    [`${form}Rejected`]: [own.rejected, theirs.rejected] as [number, number],
    [`${form}Tokens`]: [own.tokens, theirs.tokens] as [number, number],
    [`${form}SameWordsAndCounts`]: await same('words.tsv'),
    [`${form}SameEncodedDocuments`]: (await same('tokens.npy')) && (await same('offsets.npy')),
  }
}

/** Of a .npy file's values or a table's lines: headers may be padded differently. */
async function hashOf(path: string): Promise<string> {
  const hash = createHash('sha256')
  await pipeline(createReadStream(path, { start: path.endsWith('.npy') ? 128 : 0 }), hash)
  return hash.digest('hex')
}

/** Our side: the import and vocabulary stages, without the project round them. */
async function importAndCount({ train, dev, test, out, minFrequency, maxWords }: ImportTask): Promise<Imported> {
  const [corpusDirectory, started, before] = [join(out, 'corpus'), performance.now(), process.cpuUsage()]
  await mkdir(corpusDirectory, { recursive: true })
  const summary = await importCorpus(
    corpusSettings.parse({ train, dev, test, split: 'none' }),
    corpusDirectory,
    quietContext,
  )
  const imported = performance.now()
  const corpus = await openCorpus(corpusDirectory)
  const settings = preprocessSettings.parse({ stopwords: 'en', minFrequency, maxWords, maxVocabulary: 1_000_000_000 })
  const { tokens } = await buildVocabulary(
    corpus,
    settings,
    out,
    {
      places: () => Promise.reject(new Error('no places are needed')),
      threads: Math.min(4, availableParallelism()),
    },
    quietContext,
  )
  corpus.close()
  const { user, system } = process.cpuUsage(before)
  return {
    seconds: (performance.now() - started) / 1000,
    cpuSeconds: (user + system) / 1e6,
    importSeconds: (imported - started) / 1000,
    documents: corpus.count,
    rejected: summary.rejected,
    tokens,
  }
}
