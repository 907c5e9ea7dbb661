import { join } from 'node:path'
import type { StageContext } from '#engine/context.ts'
import type { Corpus } from '#engine/corpus/corpusReader.ts'
import { countTokens, type CountedTokens } from '#engine/corpus/vocabulary/countTokens.ts'
import { orderWords } from '#engine/corpus/vocabulary/orderWords.ts'
import { writeFileAtomically } from '#engine/files/atomicFile.ts'
import { openNpy, writeNpy } from '#engine/files/npy.ts'
import { pause } from '#engine/pause.ts'
import { informantOrder, type InformantOrder } from './informantOrder.ts'
import type { TokenFile } from './tokenFile.ts'
import { tokenSettings } from './tokenSettings.ts'
import { writeWords } from './writeWords.ts'

/** Ids that are written at a time. */
const blockIds = 1 << 18

/**
 * Every word of a corpus, for questions that one scan answers: words.txt (one a line; a word's id is its line, by falling
 * count, then by code point), tokens.npy (ids of all documents, those of an informant and of a site together), offsets.npy
 * (document i has tokens offsets[i] to offsets[i + 1]), rows.npy, documentsOf.npy, informantsAt.npy, sites.npy (latitudes,
 * then longitudes), repeated.npy (1 where an informant says the same again) and tokens.json.
 * @param threads that tokenise; their number changes nothing
 */
export async function buildTokens(
  corpus: Corpus,
  directory: string,
  context: StageContext,
  threads = 1,
): Promise<TokenFile> {
  const order = await informantOrder(corpus, context)
  // All folds count.
  const counted = await countTokens(
    { ...corpus, folds: new Uint8Array(corpus.count) },
    tokenSettings,
    directory,
    threads,
    context,
  )
  try {
    const { words } = counted
    const all = orderWords(
      words,
      words.select(() => true),
    )
    await pause(context)
    all.forEach((id, number) => words.setCode(id, number))
    await writeWords(join(directory, 'words.txt'), words, all, context)
    const { offsets, repeated } = await writeTokens(counted, order, directory, context)
    await writeNpy(join(directory, 'offsets.npy'), offsets)
    await writeNpy(join(directory, 'repeated.npy'), repeated)
    await writeNpy(join(directory, 'rows.npy'), order.rows)
    await writeNpy(join(directory, 'documentsOf.npy'), order.documentsOf)
    await writeNpy(join(directory, 'informantsAt.npy'), order.informantsAt)
    await writeNpy(join(directory, 'sites.npy'), joined(order))
    const file: TokenFile = {
      tokenisation: corpus.tokenisation,
      words: all.length,
      tokens: counted.documents.tokens,
      documents: corpus.count,
      informants: order.documentsOf.length - 1,
      sites: order.sites.lat.length,
      repeated: repeated.reduce((sum, is) => sum + is, 0),
      moved: order.moved,
    }
    await writeFileAtomically(join(directory, 'tokens.json'), `${JSON.stringify(file, null, 2)}\n`)
    return file
  } finally {
    counted.documents.close()
  }
}

function joined({ sites: { lat, lon } }: InformantOrder): Float64Array {
  const values = new Float64Array(2 * lat.length)
  values.set(lat)
  values.set(lon, lat.length)
  return values
}

async function writeTokens(
  { words, documents }: CountedTokens,
  { rows, documentsOf }: InformantOrder,
  directory: string,
  context: StageContext,
): Promise<{ offsets: Float64Array; repeated: Uint8Array }> {
  const offsets = new Float64Array(rows.length + 1)
  const repeated = new Uint8Array(rows.length)
  const { codes } = words
  const out = await openNpy(join(directory, 'tokens.npy'))
  let block = new Int32Array(blockIds)
  let filled = 0
  let at = 0
  let informant = 0
  const said = new Set<number>()
  try {
    await documents.eachOf(
      rows,
      (_, ids) => {
        if (filled + ids.length > block.length) {
          const longer = new Int32Array(2 * (filled + ids.length))
          longer.set(block.subarray(0, filled))
          block = longer
        }
        for (let i = 0; i < ids.length; i++) block[filled + i] = codes[ids[i]!]!
        if (at === documentsOf[informant + 1]) {
          informant++
          said.clear()
        }
        if (documentsOf[informant + 1]! - documentsOf[informant]! > 1) {
          const hash = hashOf(block.subarray(filled, filled + ids.length))
          if (said.has(hash)) repeated[at] = 1
          said.add(hash)
        }
        filled += ids.length
        offsets[at + 1] = offsets[at]! + ids.length
        at++
      },
      async (visited) => {
        await out.append(block.subarray(0, filled))
        filled = 0
        context.report({ done: visited, total: rows.length, unit: 'documents', title: 'Order words by place' })
        await pause(context)
      },
    )
    await out.append(block.subarray(0, filled))
    await out.finish()
  } catch (error) {
    await out.close().catch(() => undefined)
    throw error
  }
  return { offsets, repeated }
}

/** 52 bits of two FNV-1a hashes over the ids: documents of one informant that differ and meet are one pair in 10^15. */
function hashOf(ids: Int32Array): number {
  let [a, b] = [0x811c9dc5, 0x1b873593]
  for (let i = 0; i < ids.length; i++) {
    a = Math.imul(a ^ ids[i]!, 0x01000193)
    b = Math.imul(b ^ (ids[i]! + 0x9e3779b9), 0x85ebca6b)
    b ^= b >>> 15
  }
  return (a >>> 0) * 0x100000 + ((b >>> 0) & 0xfffff)
}
