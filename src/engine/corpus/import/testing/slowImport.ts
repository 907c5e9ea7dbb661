import { gunzipSync } from 'node:zlib'
import iconv from 'iconv-lite'
import { looksLikeUtf8 } from '../container/encoding/looksLikeUtf8.ts'
import { oldLineEnds } from '../container/oldLineEnds.ts'
import { parseAngle } from '../places/angle.ts'

export interface SlowImport {
  documents: { author: string | null; lat: number; lon: number; text: string }[]
  rejected: { line: number; reason: string }[]
}

const halfSurrogate = /[\ud800-\udfff]/gu
const halves = (text: string) => text.match(halfSurrogate)?.length ?? 0

/**
 * The import of one file of fields between tabs, line by line over strings: the slow, obvious twin. One row a document.
 * @param legacy the encoding that was found, for files that are neither UTF-8 nor UTF-16
 */
export function slowImport(bytes: Buffer, format: 'user-info' | 'lat-lon-text', legacy: string): SlowImport {
  const found: SlowImport = { documents: [], rejected: [] }
  const lines = withLineEnds(decoded(bytes[0] === 0x1f && bytes[1] === 0x8b ? gunzipSync(bytes) : bytes, legacy)).split(
    '\n',
  )
  if (lines.at(-1) === '' || lines.at(-1) === '\x1a') lines.pop()
  lines.forEach((whole, i) => {
    const line = i + 1
    const reject = (reason: string) => found.rejected.push({ line, reason })
    const text = whole.replace(/\r+$/, '')
    const fields = text.split('\t')
    const count = format === 'user-info' ? 4 : 3
    if (fields.length < count) return text.trim() === '' ? undefined : reject('wrong-column-count')
    const values = [...fields.slice(0, count - 1), fields.slice(count - 1).join('\t')]
    const [author, lat, lon, words] = format === 'user-info' ? values : ['', ...values]
    const place = { lat: parseAngle(lat!)?.degrees, lon: parseAngle(lon!)?.degrees }
    if (place.lat === undefined || place.lon === undefined) return reject('no-coordinates')
    if (Math.abs(place.lat) > 90 || Math.abs(place.lon) > 180) return reject('out-of-range')
    if (place.lat === 0 && place.lon === 0) return reject('null-island')
    if (halves(author!) > 0 || halves(words!) > words!.length / 100) return reject('bad-encoding')
    const said = words!.replaceAll(halfSurrogate, '\ufffd').replaceAll('\0', ' ')
    if (said.trim() === '') return reject('no-text')
    found.documents.push({ author: author!.trim() || null, lat: place.lat, lon: place.lon, text: said })
  })
  return found
}

/** Where carriage returns alone end lines, they do. */
function withLineEnds(text: string): string {
  const isEnd = oldLineEnds(Buffer.from(text))()
    .push({ bytes: Buffer.from('a\rb'), damaged: false })
    .bytes.includes('\n')
  return isEnd ? text.replace(/\r(?!\n)/g, '\n') : text
}

function decoded(bytes: Buffer, legacy: string): string {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return units(bytes.subarray(2))
  if (bytes[0] === 0xfe && bytes[1] === 0xff)
    return units(Buffer.from(bytes.subarray(2, bytes.length - (bytes.length % 2))).swap16(), bytes.length % 2 === 1)
  if (looksLikeUtf8(bytes, true)) return utf8(bytes)
  if (legacy !== 'windows-1252') return iconv.decode(bytes, legacy).replaceAll('\ufffd', '\udc00')
  // Streaming: in some versions of Node it is Latin-1 else.
  return new TextDecoder('windows-1252').decode(bytes, { stream: true })
}

/** What is no UTF-8 becomes half a surrogate pair; U+FFFD stays where it was written. */
function utf8(bytes: Buffer): string {
  const pieces = bytes
    .toString('latin1')
    .replace(/^\xef\xbb\xbf/, '')
    .split('\xef\xbf\xbd')
  return pieces.map((piece) => Buffer.from(piece, 'latin1').toString().replaceAll('\ufffd', '\udc00')).join('\ufffd')
}

/** Half a unit at the end is half a character. */
const units = (bytes: Buffer, odd = bytes.length % 2 === 1) =>
  bytes.subarray(0, bytes.length & ~1).toString('utf16le') + (odd ? '\udc00' : '')
