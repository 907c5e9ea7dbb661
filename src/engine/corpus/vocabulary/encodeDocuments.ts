import { join } from 'node:path'
import type { PreprocessSettings } from '#protocol/experiment.ts'
import { openNpy, writeNpy } from '#engine/files/npy.ts'
import { dropped, firstRare } from './chooseVocabulary.ts'
import type { CountedTokens } from './countTokens.ts'

export interface Encoded {
  keptTokens: number
  /** Documents cut at maxWords. */
  cutDocuments: number
}

/** Ids that are written at a time. */
const blockIds = 1 << 18

/**
 * Writes tokens.npy (ids of all documents one after the other) and offsets.npy, document i being
 * tokens[offsets[i]..offsets[i + 1]].
 * @param rareId id that stands for a rarer word in a document, or -1
 */
export async function encodeDocuments(
  { words, documents }: CountedTokens,
  { maxWords }: PreprocessSettings,
  directory: string,
  rareId: (rare: number, document: number) => number,
  pause: (document: number) => Promise<void>,
): Promise<Encoded> {
  const offsets = new Float64Array(documents.lengths.length + 1)
  const { codes } = words
  const out = await openNpy(join(directory, 'tokens.npy'))
  let block = new Int32Array(blockIds)
  let filled = 0
  let cutDocuments = 0
  try {
    await documents.each(
      (document, ids) => {
        if (filled + Math.min(ids.length, maxWords) > block.length) {
          const longer = new Int32Array(2 * (filled + Math.min(ids.length, maxWords)))
          longer.set(block.subarray(0, filled))
          block = longer
        }
        let length = 0
        for (const id of ids) {
          const code = codes[id]!
          if (code === dropped) continue
          const mapped = code < firstRare ? code : rareId(code - firstRare, document)
          if (mapped < 0) continue
          if (length === maxWords) {
            cutDocuments++
            break
          }
          block[filled + length++] = mapped
        }
        filled += length
        offsets[document + 1] = offsets[document]! + length
      },
      async (document) => {
        await out.append(block.subarray(0, filled))
        filled = 0
        await pause(document)
      },
    )
    await out.append(block.subarray(0, filled))
    await out.finish()
  } catch (error) {
    await out.close().catch(() => undefined)
    throw error
  }
  await writeNpy(join(directory, 'offsets.npy'), offsets)
  return { keptTokens: offsets.at(-1)!, cutDocuments }
}
