import { EngineError } from '#protocol/errors.ts'
import { openTextRows, type TextRows } from '#engine/corpus/texts/openTextRows.ts'
import type { HandlersOf } from './handlerContext.ts'

/** Files that one client has open at a time; of more the oldest is closed. */
const mostOpen = 4

export function textsHandlers(): HandlersOf<'texts'> {
  const open = new Map<string, TextRows>()
  let count = 0
  async function close(source: string): Promise<void> {
    const rows = open.get(source)
    open.delete(source)
    await rows?.close()
  }
  return {
    async 'texts.open'({ file, ...options }) {
      const rows = await openTextRows(file, options)
      const source = `${++count}`
      open.set(source, rows)
      const [oldest] = open.keys()
      if (open.size > mostOpen) await close(oldest!)
      const { file: name, format, delimiter, columns, text, notes } = rows
      return { source, file: name, format, delimiter, columns, text, notes }
    },
    async 'texts.next'({ source, most }) {
      const rows = open.get(source)
      if (!rows)
        throw new EngineError(
          'texts/not-open',
          `The file of texts is not open any more: ${mostOpen} may be at a time. Open it again.`,
          { source },
        )
      return { rows: await rows.next(most) }
    },
    async 'texts.close'({ source }) {
      await close(source)
      return null
    },
  }
}
