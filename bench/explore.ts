import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { corpusSettings } from '#protocol/experiment.ts'
import { quietContext } from '#engine/context.ts'
import { openCorpus } from '#engine/corpus/corpusReader.ts'
import { importCorpus } from '#engine/corpus/import/importCorpus.ts'
import { countVariants, siteOfInformants } from '#engine/explorer/counting/countVariants.ts'
import { matchVariant } from '#engine/explorer/patterns/matchWords.ts'
import { parseVariant } from '#engine/explorer/patterns/parseVariant.ts'
import { testUnits, usersOf } from '#engine/explorer/ranking/testUnits.ts'
import { unitUsers } from '#engine/explorer/ranking/unitUsers.ts'
import { buildTokens } from '#engine/explorer/tokens/buildTokens.ts'
import { openTokens } from '#engine/explorer/tokens/corpusTokens.ts'
import { readNpy, writeNpy } from '#engine/files/npy.ts'
import { unitVectors } from '#engine/geo/unitVectors.ts'
import { equalAreaGrid } from '#engine/regions/equalAreaGrid.ts'
import { isogloss } from '#engine/regions/isogloss/isogloss.ts'
import { cellsOfSites, mergeSites } from '#engine/regions/siteCells.ts'
import { testBandwidthsKm } from '#engine/regions/testBandwidths.ts'
import { plantedField } from '#engine/regions/testing/plantedField.ts'
import { best, interleave, worst } from './interleave.ts'
import type { BenchProgram, Measured } from './program.ts'
import { twitterCorpus, type TwitterCorpus } from './twitterCorpus.ts'

/**
 * The explorer's work, one thread each: counts of words by site against DuckDB over the same Parquet, the ranking of all words
 * and one isogloss with its bands against NumPy of the same steps from the same arrays.
 */

const plans = {
  small: { share: 0.01, rounds: 1, sites: 1500, informants: 6000 },
  default: { share: 0.1, rounds: 3, sites: 9000, informants: 45_000 },
  full: { share: 1, rounds: 1, sites: 9000, informants: 45_000 },
}
const leastInformants = 20
/** Words whose users are counted: from everybody's to those of a few. */
const askedQuantiles = [0.99, 0.9, 0.5]

interface Folders {
  corpus: string
  tokens: string
  arrays: string
}
interface Prepared {
  words: string[]
  informants: number
  ranked: number
}
interface Scanned {
  seconds: number
  informants: number[]
}
interface Ranked {
  seconds: number
  p: string
}
interface Drawn {
  seconds: number
  mean: string
}

export const explore: BenchProgram = {
  peers: { numpy: '2.4.6', duckdb: '1.5.6' },
  ours: { prepare, scan, rank, drawField, line },
  async run({ size, directory, ours, peer, say }) {
    const { share, rounds, ...field } = plans[size]
    const folder = (name: string) => join(directory, name)
    const folders: Folders = { corpus: folder('corpus'), tokens: folder('tokens'), arrays: directory }
    const source = await twitterCorpus('world', share, say)
    const { words, informants, ranked } = await ours<Prepared>('prepare', { ...folders, source })
    say(`${informants} informants, ${ranked} words of ${leastInformants} and more`)
    await ours('drawField', { arrays: directory, ...field })
    const out = (name: string) => ({ arrays: directory, out: folder(name) })
    const results = await interleave(rounds, {
      scan: () => ours<Scanned>('scan', { tokens: folders.tokens, words }),
      duckDb: () => peer<Scanned>('scanDuckDb', { parquet: join(folders.corpus, 'documents.parquet'), words }),
      rank: () => ours<Ranked>('rank', { ...out('p-ours.npy') }),
      rankNumpy: () => peer<Ranked>('rankNumpy', { ...out('p-peer.npy') }),
      line: () => ours<Drawn>('line', { ...out('mean-ours.npy') }),
      lineNumpy: () => peer<Drawn>('isoglossNumpy', { ...out('mean-peer.npy') }),
    })
    for (const [name, measured] of Object.entries(results) as [string, Measured<{ seconds: number }>[]][])
      say(`${name}: ${measured.map(({ seconds }) => seconds.toFixed(2)).join(', ')} s, ${peak(measured)} MiB`)
    const { scan, duckDb, rank, rankNumpy, line, lineNumpy } = results
    return {
      ratios: {
        scanOverDuckDb: seconds(duckDb) / seconds(scan),
        rankOverNumpy: seconds(rankNumpy) / seconds(rank),
        isoglossOverNumpy: seconds(lineNumpy) / seconds(line),
      },
      checks: {
        ...Object.fromEntries(
          words.map((_, i) => [
            `users${i + 1}`,
            [scan[0]!.informants[i]!, duckDb[0]!.informants[i]!] as [number, number],
          ]),
        ),
        words: ranked,
        medianPDifference: await medianPDifference(folder('p-ours.npy'), folder('p-peer.npy')),
        sameSideOfLine: await sameSides(folder('mean-ours.npy'), folder('mean-peer.npy')),
        rankMiB: [peak(rank), peak(rankNumpy)],
        lineMiB: [peak(line), peak(lineNumpy)],
      },
      peakMemoryMiB: { ours: Math.max(peak(scan), peak(rank), peak(line)), peer: peak(duckDb) },
    }
  },
}

const peak = (measured: { peakMemoryMiB: number }[]) => worst(measured, ({ peakMemoryMiB }) => peakMemoryMiB)
const seconds = (measured: { seconds: number }[]) => best(measured, ({ seconds }) => seconds)

const floats = async (path: string) => (await readNpy(path)).values as Float64Array
const integers = async (path: string) => (await readNpy(path)).values as Int32Array

/** Median over the words of |log10 p - log10 p|: both draw their nulls. */
async function medianPDifference(ours: string, peer: string): Promise<number> {
  const [a, b] = [await floats(ours), await floats(peer)]
  const differences = a.map((p, i) => Math.abs(Math.log10(Math.max(p, 1e-4) / Math.max(b[i]!, 1e-4)))).sort()
  return differences[differences.length >> 1]!
}

/** Share of the nodes that lie on the same side of both lines. */
async function sameSides(ours: string, peer: string): Promise<number> {
  const [a, b] = [await floats(ours), await floats(peer)]
  return a.reduce((count, value, i) => count + (value > 0 === b[i]! > 0 ? 1 : 0), 0) / a.length
}

/** A WORLD-like corpus with its tokens, and what the ranking takes as arrays. */
async function prepare({ corpus, tokens, arrays, source }: Folders & { source: TwitterCorpus }): Promise<Prepared> {
  await mkdir(corpus)
  await mkdir(tokens)
  await importCorpus(corpusSettings.parse({ ...source, split: 'none' }), corpus, quietContext)
  const opened = await openCorpus(corpus)
  await buildTokens(opened, tokens, quietContext)
  opened.close()
  const all = await openTokens(tokens)
  const used = await unitUsers(
    all,
    {
      units: 'words',
      minInformants: leastInformants,
      documents: null,
      isWanted: (word) => /^[a-z]+$/.test(word),
    },
    quietContext,
  )
  const siteOf = siteOfInformants(all)
  const atSite = new Float64Array(all.places.lat.length)
  for (const site of siteOf) atSite[site]!++
  const cellOfSite = cellsOfSites({ ...all.places, informants: atSite })
  const cells = mergeSites({ ...all.places, informants: atSite, users: [] }, cellOfSite)
  const vectors = unitVectors(cells)
  const write = (name: string, values: Parameters<typeof writeNpy>[1]) => writeNpy(join(arrays, name), values)
  await write('lat.npy', all.places.lat)
  await write('lon.npy', all.places.lon)
  await write('siteOf.npy', siteOf)
  await write(
    'cellOf.npy',
    siteOf.map((site) => cellOfSite[site]!),
  )
  await write('cellVectors.npy', vectors)
  await write('bandwidthsKm.npy', Float64Array.from(testBandwidthsKm(vectors, cells.informants)))
  await write('starts.npy', used.starts)
  await write('users.npy', used.informants)
  await write('lengths.npy', used.lengths)
  const bySize = [...used.names.keys()].sort((a, b) => usersOf(used, a).length - usersOf(used, b).length || a - b)
  return {
    words: askedQuantiles.map((share) => used.names[bySize[Math.floor(share * bySize.length)]!]!),
    informants: all.informants,
    ranked: used.names.length,
  }
}

/** Counts of each word by site, one after the other; opening the tokens is part of it. */
async function scan({ tokens, words }: { tokens: string; words: string[] }): Promise<Scanned> {
  const started = performance.now()
  const all = await openTokens(tokens)
  const informants: number[] = []
  for (const word of words) {
    const variant = await matchVariant(parseVariant(word, all.tokenisation), all.words, quietContext)
    const counted = await countVariants(
      all,
      [variant],
      { measure: 'share', several: 'shares', of: 'variants', documents: null },
      quietContext,
    )
    informants.push(counted.informantCount)
  }
  return { seconds: (performance.now() - started) / 1000, informants }
}

async function rank({ arrays, out }: { arrays: string; out: string }): Promise<Ranked> {
  const at = (name: string) => join(arrays, name)
  const sites = { lat: await floats(at('lat.npy')), lon: await floats(at('lon.npy')) }
  const siteOf = await integers(at('siteOf.npy'))
  const [starts, informants] = [await floats(at('starts.npy')), await integers(at('users.npy'))]
  const lengths = await floats(at('lengths.npy'))
  const names = Array.from({ length: starts.length - 1 }, (_, unit) => String(unit))
  const started = performance.now()
  const { p } = await testUnits(
    { sites, siteOf, isSurvey: false },
    { names, starts, informants, lengths },
    1,
    quietContext,
  )
  const seconds = (performance.now() - started) / 1000
  await writeNpy(out, p)
  return { seconds, p: out }
}

/** A planted line, as counts by cell and the nodes of a grid. */
async function drawField({ arrays, sites, informants }: { arrays: string; sites: number; informants: number }) {
  const { sites: counts } = plantedField({
    sites,
    informants,
    siteEffectSd: 0.3,
    seed: 5,
    line: { widthKm: 60, form: 'curved' },
  })
  const merged = mergeSites(counts, cellsOfSites(counts))
  const grid = equalAreaGrid(merged, { cells: 200, isLand: null })
  const write = (name: string, values: Float64Array) => writeNpy(join(arrays, `line-${name}.npy`), values)
  await write('lat', merged.lat)
  await write('lon', merged.lon)
  await write('informants', merged.informants)
  await write('users', merged.users[0]!)
  await write('vectors', unitVectors(merged))
  await write('nodes', grid.vectors)
  await write('shape', Float64Array.of(grid.columns, grid.rows))
  return { cells: merged.lat.length }
}

async function line({ arrays, out }: { arrays: string; out: string }): Promise<Drawn> {
  const read = (name: string) => floats(join(arrays, `line-${name}.npy`))
  const [lat, lon, informants, users] = [
    await read('lat'),
    await read('lon'),
    await read('informants'),
    await read('users'),
  ]
  const counts = { lat, lon, informants, users: [users, informants.map((m, s) => m - users[s]!)] }
  const grid = equalAreaGrid(counts, { cells: 200, isLand: null })
  const support = new Uint8Array(grid.columns * grid.rows).fill(1)
  const started = performance.now()
  const { mean } = await isogloss(counts, grid, { level: 0.9, at: 0.5, seed: 1, support }, quietContext)
  const seconds = (performance.now() - started) / 1000
  await writeNpy(out, mean)
  return { seconds, mean: out }
}
