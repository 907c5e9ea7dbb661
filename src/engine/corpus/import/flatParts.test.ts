import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { blockDecoder } from './container/encoding/blockDecoder.ts'
import { degreesOf, parseDegrees } from './places/degrees.ts'
import { InternedBytes } from './internedBytes.ts'
import { placeKey } from '#pure/placeKey.ts'
import { lineSplitter } from './container/lineSplitter.ts'
import { murmur128, SeenTexts } from './textHashes.ts'

/** Cuts bytes into pieces at the given places. */
const cut = (bytes: Buffer, places: number[]) => {
  const at = [0, ...places.map((place) => place % (bytes.length + 1)).sort((a, b) => a - b), bytes.length]
  return at.slice(1).map((end, i) => bytes.subarray(at[i], end))
}

describe('blockDecoder and lineSplitter', () => {
  it.each(['utf-8', 'utf-16le', 'utf-16be', 'windows-1252'] as const)(
    'give the lines of a %s text however it is cut into blocks',
    (encoding) => {
      const unit =
        encoding === 'windows-1252'
          ? fc.constantFrom('a', 'ü', '€', '“', '\n', '\r\n')
          : fc.constantFrom('a', 'ü', '€', '😀', '\n', '\r\n')
      fc.assert(
        fc.property(fc.string({ unit, maxLength: 60 }), fc.array(fc.nat(200), { maxLength: 8 }), (text, places) => {
          const bytes = encode(text, encoding)
          const [decoder, splitter, found] = [blockDecoder(encoding), lineSplitter(), [] as [number, string][]]
          const take = (line: number, block: Buffer, start: number, end: number) =>
            found.push([line, block.toString('utf8', start, end)])
          for (const block of cut(bytes, places)) splitter.push(decoder.push(block), take)
          splitter.push(decoder.end(), take)
          splitter.end(take)
          const lines = text.split('\n')
          if (lines.at(-1) === '') lines.pop()
          expect(found).toEqual(lines.map((line, i) => [i + 1, line.replace(/\r$/, '')]))
        }),
      )
    },
  )
})

function encode(text: string, encoding: string): Buffer {
  if (encoding === 'utf-16le') return Buffer.from(`\ufeff${text}`, 'utf16le')
  if (encoding === 'utf-16be') return Buffer.from(`\ufeff${text}`, 'utf16le').swap16()
  if (encoding === 'utf-8') return Buffer.from(`\ufeff${text}`)
  return Buffer.from([...text].map((character) => ({ '€': 0x80, '“': 0x93 })[character] ?? character.charCodeAt(0)))
}

describe('degreesOf', () => {
  it('is done at once with a field that is no coordinate by its length', () => {
    const bytes = Buffer.from(`${'1'.repeat(80_000)}x`)
    const began = performance.now()
    expect(degreesOf(bytes, 0, bytes.length)).toBeNull()
    expect(parseDegrees(bytes.toString())).toBeNull()
    expect(performance.now() - began).toBeLessThan(1000)
    expect(parseDegrees(`${' '.repeat(100)}47.${'5'.repeat(100)}°`)).toBeCloseTo(47.5556, 4)
  })

  it('is parseDegrees, to the bit', () => {
    const number = fc.oneof(
      fc.double({ min: -200, max: 200 }).map(String),
      fc.integer({ min: -20_000_000, max: 20_000_000 }).map((n) => (n / 100_000).toFixed(5)),
      fc.string({ unit: fc.constantFrom(...'0123456789.,-+e° '), maxLength: 20 }),
    )
    fc.assert(
      fc.property(number, (text) => {
        const bytes = Buffer.from(`\t${text}\t`)
        expect(degreesOf(bytes, 1, bytes.length - 1)).toBe(parseDegrees(text))
      }),
      { numRuns: 2000 },
    )
  })
})

describe('placeKey', () => {
  it('is equal for coordinates that are equal to four decimals', () => {
    const degrees = fc.oneof(
      fc.double({ min: -90, max: 90, noNaN: true }),
      fc.integer({ min: -9_000_000, max: 9_000_000 }).map((n) => n / 100_000),
    )
    fc.assert(
      fc.property(degrees, degrees, degrees, (lat, lon, other) => {
        const same = (Number(lat.toFixed(4)) || 0) === (Number(other.toFixed(4)) || 0)
        expect(placeKey(lat, lon) === placeKey(other, lon)).toBe(same)
        expect(placeKey(Number(lat.toFixed(4)), lon) === placeKey(lat, lon)).toBe(true)
      }),
      { numRuns: 2000 },
    )
  })
})

describe('InternedBytes', () => {
  it('numbers strings as a Map does', () => {
    fc.assert(
      fc.property(fc.array(fc.string({ maxLength: 3 }), { maxLength: 6000 }), (strings) => {
        const [interned, map] = [new InternedBytes(), new Map<string, number>()]
        for (const text of strings) {
          if (!map.has(text)) map.set(text, map.size)
          const bytes = Buffer.from(`<${text}>`)
          expect(interned.number(bytes, 1, bytes.length - 1)).toBe(map.get(text))
        }
        expect(
          Array.from({ length: interned.size }, (_, number) => Buffer.from(interned.bytes(number)).toString()),
        ).toEqual([...map.keys()])
      }),
      { numRuns: 20 },
    )
  })
})

describe('textHashes', () => {
  // From mmh3 5.2, hash128 with x64arch=False and seed 0.
  it.each([
    ['', '00000000000000000000000000000000'],
    ['hello', '2b2444a0db91def79adb31b69adb31b6'],
    ['The quick brown fox jumps over the lazy dog', '2f1583c3ecee2c675d7bf66ce5e91d2c'],
    ['a'.repeat(37), 'eb6d150ed5dec82565a84b08d1e80db7'],
  ])('hash %j as MurmurHash3 does', (text, expected) => {
    const hash = new Uint32Array(4)
    murmur128(Buffer.from(text), hash)
    expect(Array.from(hash, (word) => word.toString(16).padStart(8, '0')).join('')).toBe(expected)
  })

  it('know a text again, and the number it had first', () => {
    const seen = new SeenTexts(1000)
    const texts = Array.from({ length: 1000 }, (_, i) =>
      Buffer.from(`text ${i % 700} ${'x'.repeat(i % 40 === 3 ? 20 : 0)}`),
    )
    const first = new Map<string, number>()
    texts.forEach((text, i) => {
      expect(seen.see(text, i)).toBe(first.get(text.toString()) ?? -1)
      if (!first.has(text.toString())) first.set(text.toString(), i)
    })
  })
})
