import type { StageContext } from '#engine/context.ts'
import { textsOf, type ModelDocuments } from '#engine/models/method.ts'
import { pause } from '#engine/pause.ts'

/** Characters read between two pauses: some tens of milliseconds. */
const charactersBetweenPauses = 200_000

/** Visits the texts of some documents, in the order of the corpus. */
export async function eachText(
  documents: ModelDocuments,
  chosen: (document: number) => boolean,
  visit: (document: number, text: string) => void,
  context: Pick<StageContext, 'signal'>,
): Promise<void> {
  let document = 0
  let work = 0
  for await (const texts of textsOf(documents)) {
    for (const bytes of texts) {
      if (chosen(document)) {
        visit(document, Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString())
        work += bytes.length
      }
      document++
      if (work < charactersBetweenPauses) continue
      work = 0
      await pause(context)
    }
  }
}
