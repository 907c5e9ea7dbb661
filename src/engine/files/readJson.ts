import { readFile } from 'node:fs/promises'
import type { z } from 'zod'
import { EngineError } from '#protocol/errors.ts'

/**
 * A JSON file that a schema describes.
 * @throws EngineError 'file/damaged' whose data hold the bare `reason`; what the system says where it cannot be read
 */
export async function readJson<T>(path: string, schema: z.ZodType<T>): Promise<T> {
  const text = await readFile(path, 'utf8')
  let parsed: unknown
  try {
    parsed = JSON.parse(text)
  } catch {
    throw damaged(path, text.trim() === '' ? 'is empty' : 'is cut off or no JSON')
  }
  const checked = schema.safeParse(parsed)
  if (checked.success) return checked.data
  const { path: key, message } = checked.error.issues[0]!
  throw damaged(path, `does not hold what it should${key.length ? ` at ${key.join('.')}` : ''} (${message})`)
}

/** A file that is made again where it is not as it should be: then it is null. */
export const readCache = <T>(path: string, schema: z.ZodType<T>): Promise<T | null> => readJson(path, schema).catch(() => null)

const damaged = (path: string, reason: string) =>
  new EngineError('file/damaged', `${path} ${reason}. Delete the artefact that holds it, or restore the file; the next run makes the artefact again.`, { path, reason })
