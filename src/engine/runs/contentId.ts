import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { pipeline } from 'node:stream/promises'
import { cldfFiles, isCldf } from '#engine/corpus/import/survey/cldf.ts'

/**
 * The id of an artefact: a hash of its recipe and of its inputs' ids, 16 hexadecimal digits.
 * Same recipe, same id, whatever the order of keys.
 */
export function contentId(recipe: unknown): string {
  return createHash('sha256').update(canonicalJson(recipe)).digest('hex').slice(0, 16)
}

/** JSON with sorted keys and without undefined values. */
export function canonicalJson(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(',')}]`
  if (value === null || typeof value !== 'object') return JSON.stringify(value ?? null)
  const entries = Object.entries(value)
    .filter(([, held]) => held !== undefined)
    .sort(([a], [b]) => (a < b ? -1 : 1))
  return `{${entries.map(([key, held]) => `${JSON.stringify(key)}:${canonicalJson(held)}`).join(',')}}`
}

/** sha256 of a file's bytes, hexadecimal; of a CLDF dataset, of its description and of its tables. */
export async function fileHash(path: string, signal?: AbortSignal): Promise<string> {
  const hash = createHash('sha256')
  for (const part of (await isCldf(path)) ? [path, ...(await cldfFiles(path))] : [path]) {
    await pipeline(createReadStream(part, { highWaterMark: 1 << 20 }), hash, { signal, end: false })
  }
  return hash.digest('hex')
}
