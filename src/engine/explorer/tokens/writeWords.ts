import { open } from 'node:fs/promises'
import type { StageContext } from '#engine/context.ts'
import type { WordTable } from '#engine/corpus/text/wordTable.ts'
import { pause } from '#engine/pause.ts'

const blockWords = 20_000

/** Writes words one a line in the order of `ids`; no word holds a line's end. */
export async function writeWords(
  path: string,
  words: WordTable,
  ids: Uint32Array,
  context: StageContext,
): Promise<void> {
  const file = await open(path, 'w')
  try {
    for (let start = 0; start < ids.length; start += blockWords) {
      let block = ''
      for (const id of ids.subarray(start, start + blockWords)) block += `${words.text(id)}\n`
      await file.write(block)
      await pause(context)
    }
    await file.sync()
  } finally {
    await file.close()
  }
}
