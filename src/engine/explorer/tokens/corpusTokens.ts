import { join } from 'node:path'
import type { StageContext } from '#engine/context.ts'
import { damagedFile, fillFrom, readJson, requirePlaces, withArtefactFile } from '#engine/files/artefactFile.ts'
import { readArray, readNpyPlace } from '#engine/files/npy.ts'
import type { Points } from '#engine/geo/points.ts'
import { pause } from '#engine/pause.ts'
import { tokenFile, type TokenFile } from './tokenFile.ts'
import { WordList } from './wordList.ts'

/** All words of a corpus, by document, informant and site: see buildTokens. */
export interface CorpusTokens extends Omit<TokenFile, 'words'> {
  words: WordList
  offsets: Float64Array
  rows: Int32Array
  documentsOf: Int32Array
  informantsAt: Int32Array
  places: Points
  isRepeated: Uint8Array
  /**
   * Goes once through all tokens. A block is valid for the call; it holds tokens `start` to `start + count`, and behind
   * these the first `ahead` of the next one, where there are some.
   */
  scan(
    visit: (ids: Int32Array, start: number, count: number) => void,
    context: StageContext,
    ahead?: number,
  ): Promise<void>
}

/** Four MiB: a few milliseconds of work. */
const blockIds = 1 << 20

/** @throws EngineError 'file/damaged' */
export async function openTokens(directory: string): Promise<CorpusTokens> {
  const file = await readJson(join(directory, 'tokens.json'), tokenFile)
  const at = (name: string) => join(directory, name)
  const { values: offsets } = await readArray(at('offsets.npy'), Float64Array, [file.documents + 1])
  requireAscending(at('offsets.npy'), offsets, file.tokens)
  const { values: documentsOf } = await readArray(at('documentsOf.npy'), Int32Array, [file.informants + 1])
  requireAscending(at('documentsOf.npy'), documentsOf, file.documents)
  const { values: informantsAt } = await readArray(at('informantsAt.npy'), Int32Array, [file.sites + 1])
  requireAscending(at('informantsAt.npy'), informantsAt, file.informants)
  const { values: rows } = await readArray(at('rows.npy'), Int32Array, [file.documents])
  const { values: isRepeated } = await readArray(at('repeated.npy'), Uint8Array, [file.documents])
  const { values: sites } = await readArray(at('sites.npy'), Float64Array, [2 * file.sites])
  const places = { lat: sites.slice(0, file.sites), lon: sites.slice(file.sites) }
  requirePlaces(at('sites.npy'), places)
  const words = await WordList.load(at('words.txt'), file.words)
  const path = at('tokens.npy')
  return {
    ...file,
    words,
    offsets,
    rows,
    documentsOf,
    informantsAt,
    places,
    isRepeated,
    async scan(visit, context, ahead = 0) {
      const first = await readNpyPlace(path, Int32Array, [file.tokens])
      const block = new Int32Array(blockIds + ahead)
      await withArtefactFile(path, async (open) => {
        for (let start = 0; start < file.tokens; start += blockIds) {
          const count = Math.min(blockIds, file.tokens - start)
          const held = block.subarray(0, Math.min(count + ahead, file.tokens - start))
          await fillFrom(open, path, first + 4 * start, new Uint8Array(block.buffer, 0, 4 * held.length))
          const wrong = firstBeyond(held, file.words)
          if (wrong >= 0)
            throw damagedFile(path, `token ${start + wrong} is ${held[wrong]}, expected a number below ${file.words}`)
          visit(held, start, count)
          context.report({ done: start + count, total: file.tokens, unit: 'words', title: 'Go through the words' })
          await pause(context)
        }
      })
    },
  }
}

/** Of the first number that is not one of 0 to `bound` - 1; -1 where all are. A function of its own is compiled as a whole. */
function firstBeyond(values: Int32Array, bound: number): number {
  for (let i = 0; i < values.length; i++) if (values[i]! >>> 0 >= bound) return i
  return -1
}

function requireAscending(path: string, values: Float64Array | Int32Array, last: number): void {
  for (let i = 0; i < values.length; i++) {
    const least = i === 0 ? 0 : values[i - 1]!
    if (!Number.isInteger(values[i]) || values[i]! < least || (i === 0 && values[i] !== 0))
      throw damagedFile(path, `number ${i} is ${values[i]}, expected them to ascend from 0`)
  }
  if (values.at(-1) !== last) throw damagedFile(path, `it ends at ${values.at(-1)}, expected ${last}`)
}
