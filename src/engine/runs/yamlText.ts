import { readShortFile } from '#engine/files/regularFile.ts'

/**
 * The text of a YAML file in the encodings that editors write: UTF-8, UTF-16 with or without a mark, else windows-1252.
 * @throws EngineError 'file/not-a-file', 'file/too-large'; what the system refuses comes as it is
 */
export async function readYamlText(path: string, mostBytes: number): Promise<string> {
  const bytes = await readShortFile(path, mostBytes)
  const utf16 = utf16Of(bytes)
  if (utf16) return new TextDecoder(utf16).decode(bytes)
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch {
    return new TextDecoder('windows-1252').decode(bytes)
  }
}

/** By the mark, or by the zeros of ASCII characters: keys and signs of YAML are ASCII. */
function utf16Of(bytes: Buffer): 'utf-16le' | 'utf-16be' | null {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return 'utf-16le'
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return 'utf-16be'
  if (bytes.length < 2) return null
  return bytes[1] === 0 && bytes[0] !== 0 ? 'utf-16le' : bytes[0] === 0 && bytes[1] !== 0 ? 'utf-16be' : null
}

const curly = /^[“”„‟«»‘’‚‹›]([^]*)[“”„‟«»‘’‹›]$/

/** A value in which a word processor's quotes stand for YAML's: text in curly quotes is the text. */
export function withStraightQuotes(value: unknown, around: readonly unknown[] = []): unknown {
  if (typeof value === 'string') return curly.exec(value)?.[1] ?? value
  // By an alias a value may hold itself; what that is worth is for the schema to say.
  if (value === null || typeof value !== 'object' || around.includes(value)) return value
  const inside = [...around, value]
  if (Array.isArray(value)) return value.map((held) => withStraightQuotes(held, inside))
  if (Object.getPrototypeOf(value) !== Object.prototype) return value
  return Object.fromEntries(
    Object.entries(value).map(([key, held]) => [curly.exec(key)?.[1] ?? key, withStraightQuotes(held, inside)]),
  )
}
