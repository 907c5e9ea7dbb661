import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { pipeline } from 'node:stream/promises'
import { cldfFiles, isCldf } from '#engine/corpus/import/survey/cldf.ts'
import { statRegularFile } from '#engine/files/regularFile.ts'

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

/**
 * sha256 of a file's bytes, hexadecimal; of a CLDF dataset, of its description and of its tables.
 * @param read hears of every piece how many bytes it has
 * @throws EngineError 'file/not-a-file'
 */
export async function fileHash(
  path: string,
  signal?: AbortSignal,
  read: (bytes: number) => void = () => undefined,
): Promise<string> {
  await statRegularFile(path)
  const hash = createHash('sha256')
  for (const part of (await isCldf(path)) ? [path, ...(await cldfFiles(path))] : [path]) {
    const source = createReadStream(part, { highWaterMark: 1 << 20 })
    source.on('data', (piece) => read(piece.length))
    await pipeline(source, hash, { signal, end: false })
  }
  return hash.digest('hex')
}
