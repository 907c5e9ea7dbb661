import type { Readable } from 'node:stream'
import { StringDecoder } from 'node:string_decoder'
import { SaxesParser } from 'saxes'
import { EngineError } from '#protocol/errors.ts'
import { damagedArchive } from '../zipArchive.ts'

export interface XmlTaker {
  open?(name: string, attributes: Record<string, string>): void
  close?(name: string): void
  text?(text: string): void
}

/** Between two tags: more is an archive made to fill memory. */
const longestText = 1 << 26

/** Element names without their prefix: writers choose it. */
const local = (name: string) => name.slice(name.indexOf(':') + 1)

/**
 * Parses XML as it is unpacked, pausing after each piece; memory holds none of it. Entities other than XML's own are not
 * expanded, and nothing outside the file is ever read.
 * @throws EngineError 'import/damaged-archive'
 */
export async function* xmlPieces(path: string, stream: Readable, taker: XmlTaker): AsyncGenerator<void> {
  const parser = new SaxesParser()
  const decoder = new StringDecoder('utf8')
  let bytesSinceTag = 0
  parser.on('opentag', ({ name, attributes }) => {
    bytesSinceTag = 0
    taker.open?.(local(name), Object.fromEntries(Object.entries(attributes).map(([key, value]) => [local(key), value])))
  })
  parser.on('closetag', ({ name }) => taker.close?.(local(name)))
  parser.on('text', (text) => taker.text?.(text))
  parser.on('error', (error) => {
    throw damagedArchive(path, error)
  })
  try {
    for await (const chunk of stream as AsyncIterable<Buffer>) {
      bytesSinceTag += chunk.length
      if (bytesSinceTag > longestText) throw new Error(`a text is longer than ${longestText >> 20} MiB`)
      parser.write(decoder.write(chunk))
      yield
    }
    parser.close()
  } catch (cause) {
    throw cause instanceof EngineError ? cause : damagedArchive(path, cause)
  } finally {
    stream.destroy()
  }
}

export async function readXml(path: string, stream: Readable, taker: XmlTaker): Promise<void> {
  for await (const _ of xmlPieces(path, stream, taker)) continue
}
