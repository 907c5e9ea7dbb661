import { open, readFile, stat, type FileHandle } from 'node:fs/promises'
import type { z } from 'zod'
import { EngineError } from '#protocol/errors.ts'
import type { Points } from '#engine/geo/points.ts'

/** Files of artefacts are read as if anybody had written them: each size is checked before memory is taken for it. */

/** No text of an artefact is longer: V8 holds none above half a gibibyte. */
const mostTextBytes = 1 << 29

/**
 * A file of an artefact that is not what its stage wrote.
 * @param reason in words, as a clause
 */
export const damagedFile = (path: string, reason: string, cause?: unknown) =>
  new EngineError(
    'file/damaged',
    `${path} cannot be used: ${reason}. Delete the artefact that holds it; the next run makes it again.`,
    { path, reason },
    { cause },
  )

/** The size of a regular file; anything else, such as a pipe, could be waited for without an end. */
async function bytesOf(path: string): Promise<number> {
  const found = await stat(path).catch((cause: NodeJS.ErrnoException) => {
    throw cause.code === 'ENOENT' ? damagedFile(path, 'it is missing', cause) : cause
  })
  if (!found.isFile()) throw damagedFile(path, 'it is not a file')
  return found.size
}

/** Opens a file for `read`, which is given its size, and closes it. */
export async function withArtefactFile<T>(
  path: string,
  read: (file: FileHandle, bytes: number) => Promise<T>,
): Promise<T> {
  const bytes = await bytesOf(path)
  const file = await open(path)
  try {
    return await read(file, bytes)
  } finally {
    await file.close()
  }
}

/** Fills `into` from a place of an open file on. */
export async function fillFrom(file: FileHandle, path: string, start: number, into: Uint8Array): Promise<void> {
  for (let done = 0; done < into.length;) {
    // One read call moves at most 2 GiB on Linux.
    const { bytesRead } = await file.read(into, done, Math.min(into.length - done, 1 << 28), start + done)
    if (bytesRead === 0) throw damagedFile(path, `it ends after ${start + done} bytes, expected ${start + into.length}`)
    done += bytesRead
  }
}

export async function readText(path: string): Promise<string> {
  const bytes = await bytesOf(path)
  if (bytes > mostTextBytes) throw damagedFile(path, `it has ${bytes} bytes, expected at most ${mostTextBytes}`)
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(await readFile(path))
  } catch (cause) {
    throw cause instanceof TypeError ? damagedFile(path, 'it is not UTF-8', cause) : cause
  }
}

/** Reads JSON and checks it by its schema. */
export const readJson = async <Schema extends z.ZodType>(path: string, schema: Schema) =>
  parseJson(path, await readText(path), schema)

/** A file that is made again where it is not as it should be: then it is null. */
export const readCache = <Schema extends z.ZodType>(path: string, schema: Schema) =>
  readJson(path, schema).catch(() => null)

export function parseJson<Schema extends z.ZodType>(path: string, text: string, schema: Schema): z.output<Schema> {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch (cause) {
    throw damagedFile(path, text.trim() === '' ? 'it is empty' : 'it is cut off or no JSON', cause)
  }
  const checked = schema.safeParse(value)
  if (checked.success) return checked.data
  const { path: place, message } = checked.error.issues[0]!
  throw damagedFile(
    path,
    `it does not hold what it should${place.length > 0 ? ` at ${place.join('.')}` : ''} (${message})`,
    checked.error,
  )
}

/** @throws EngineError 'file/damaged' where a number is infinite or none */
export function requireFinite(path: string, values: Float32Array | Float64Array): void {
  for (let i = 0; i < values.length; i++)
    if (!Number.isFinite(values[i]))
      throw damagedFile(path, `number ${i} of ${values.length} is ${values[i]}, expected a finite one`)
}

/** @throws EngineError 'file/damaged' where a number is not one of 0 to `count` - 1 */
export function requireBelow(path: string, values: Int32Array, count: number, least = 0): void {
  for (let i = 0; i < values.length; i++) {
    if (values[i]! < least || values[i]! >= count)
      throw damagedFile(path, `number ${i} of ${values.length} is ${values[i]}, expected ${least} to ${count - 1}`)
  }
}

/** @throws EngineError 'file/damaged' where a place lies outside of -90 to 90 and -180 to 180 degrees */
export function requirePlaces(path: string, { lat, lon }: Points): void {
  for (let i = 0; i < lat.length; i++) {
    if (Math.abs(lat[i]!) <= 90 && Math.abs(lon[i]!) <= 180) continue
    throw damagedFile(
      path,
      `place ${i} of ${lat.length} has latitude ${lat[i]} and longitude ${lon[i]}, expected -90 to 90 and -180 to 180`,
    )
  }
}
