import type { Stats } from 'node:fs'
import { readFile, stat } from 'node:fs/promises'
import { EngineError } from '#protocol/errors.ts'

/**
 * What the system knows of a file that is about to be read from front to back. Anything but a regular file is refused
 * before it is opened: a device need not end, a named pipe need not begin.
 * @throws EngineError 'file/not-a-file', with what it is instead as `data.kind`; what the system refuses comes as it is
 */
export async function statRegularFile(path: string): Promise<Stats> {
  const found = await stat(path)
  if (found.isFile()) return found
  const kind = kindOf(found)
  throw new EngineError('file/not-a-file', `${path} is ${kind}; a file was expected. Choose a file.`, { path, kind })
}

/**
 * A file that people write by hand.
 * @throws EngineError 'file/not-a-file'; 'file/too-large' above `mostBytes`; what the system refuses comes as it is
 */
export async function readShortFile(path: string, mostBytes: number): Promise<Buffer> {
  const { size } = await statRegularFile(path)
  if (size > mostBytes) {
    throw new EngineError(
      'file/too-large',
      `${path} has ${size} bytes; at most ${mostBytes} were expected. Choose another file.`,
      { path, size },
    )
  }
  return readFile(path)
}

function kindOf(found: Stats): string {
  if (found.isDirectory()) return 'a folder'
  if (found.isFIFO()) return 'a named pipe'
  return found.isSocket() ? 'a socket' : 'a device'
}
