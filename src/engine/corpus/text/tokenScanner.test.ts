import fc from 'fast-check'
import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { preprocessSettings, type PreprocessSettings } from '#protocol/experiment.ts'
import { stopWordsOf } from './stopWords.ts'
import { tokenise, type TokeniserResources } from './tokenise.ts'
import { TokenScanner } from './tokenScanner.ts'

const none: TokeniserResources = {
  tokenisation: 'text',
  stopWords: new Set(),
  placeNames: { names: new Set(), longest: 0 },
}

async function scanned(
  texts: string[],
  settings: PreprocessSettings,
  resources = none,
  threads = 1,
): Promise<string[][]> {
  const found: string[][] = []
  const scanner = await TokenScanner.start(settings, resources, threads, (ids, start, end) =>
    found.push(Array.from(ids.subarray(start, end), (id) => scanner.words.text(id))),
  )
  try {
    for (const text of texts) {
      const bytes = Buffer.from(text)
      if (!scanner.add(bytes)) await scanner.addSlowly(bytes)
    }
    await scanner.finish()
    return found
  } finally {
    await scanner.stop()
  }
}

/** The slow, obvious twin. */
const slowly = (texts: string[], settings: PreprocessSettings, resources = none) =>
  texts.map((text) => tokenise(text, settings, resources).tokens)

const settingsOf = fc.record({
  lowercase: fc.boolean(),
  urls: fc.constantFrom('drop', 'keep'),
  numbers: fc.constantFrom('zero', 'keep'),
  mentions: fc.constantFrom('keep', 'drop'),
  hashtags: fc.constantFrom('keep', 'word', 'drop'),
  unicode: fc.constantFrom('nfc', 'nfkc', 'none'),
})
const piece = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 8 }).filter((text) => text.isWellFormed()),
  fc.string({ unit: 'grapheme', maxLength: 8 }),
  fc.string({ unit: fc.constantFrom(..."ab_1.,:'’ʼ@#&|;x Zé²Σİ漢か😀🇨\u0301\u00a0/"), maxLength: 12 }),
  fc.string({ unit: fc.constantFrom(...'12.,:;_a²'), maxLength: 8 }),
  fc.string({ unit: fc.constantFrom(..."ab'’ʼ1_"), maxLength: 8 }),
  fc.string({ unit: fc.constantFrom(...'ab ’‘`´ʼʻ&;.\u0301\u0323\u200c\u200d\ufe0f\u00ad❤👩🏽नि्각'), maxLength: 10 }),
  fc.string({ unit: fc.constantFrom(...'abcZ'), minLength: 6, maxLength: 18 }),
  fc.constantFrom(
    ' ||| ',
    '||||',
    '@Ab1 ',
    '#x_2 ',
    '#Σ漢字',
    'http://',
    'https://a.b/É ',
    'www.',
    'www.x',
    'hw',
    '&amp;',
    '&#12;',
    '&#x1F;',
    '&abcdefghi;',
    '&uuml;',
    '&uuml',
    '&#39;',
    '&#x2F;',
    '&amp;#58;',
    '&nbsp;',
    '&#769;',
    'www',
    '&',
    '1.5x',
    "don't5",
    'ΑΣ ΑΣΑ',
    'İstanbul',
    'DŽ',
    'Ⅷ',
    '漢字かな',
    'ไทย',
    '🇨🇭🇦',
    '❤️',
    'New York',
    '#Newark',
    'the',
  ),
)
const text = fc.array(piece, { maxLength: 14 }).map((pieces) => pieces.join(''))

describe('TokenScanner', () => {
  it('finds what the expression finds, whatever the settings', async () => {
    const resources: TokeniserResources = {
      tokenisation: 'text',
      stopWords: stopWordsOf('en'),
      placeNames: { names: new Set(['new york', 'newark', 'new', 'á b']), longest: 2 },
    }
    await fc.assert(
      fc.asyncProperty(
        fc.array(text, { maxLength: 60 }),
        settingsOf,
        fc.boolean(),
        async (texts, changes, withResources) => {
          const settings = preprocessSettings.parse(changes)
          const used = withResources ? resources : none
          expect(await scanned(texts, settings, used)).toEqual(slowly(texts, settings, used))
        },
      ),
      { numRuns: 150 },
    )
  })

  it.each(['nfc', 'nfkc'])('knows every character (%s)', { timeout: 300_000 }, async (unicode) => {
    const around = (character: string) => {
      const alone = `a${character}B 1${character}2`
      const changes = /\p{M}/u.test(character) || character.normalize('NFKD') !== character
      // What composes does so with what stands before or behind it; of Hangul, which has an arithmetic, a sample shows it.
      if (changes && (!/[가-힣]/.test(character) || character.codePointAt(0)! % 97 === 0))
        return `${alone} a\u0323${character} ${character}\u0301b`
      return changes || unicode === 'nfc' ? alone : ''
    }
    const texts: string[] = []
    // Beyond these planes nothing has a property that counts; a sample shows it.
    for (let start = 0; start < 0x110000; start += start < 0x30000 || start === 0xe0000 ? 64 : 4096) {
      const points = Array.from({ length: 64 }, (_, i) => start + i).filter((point) => point < 0xd800 || point > 0xdfff)
      texts.push(points.map((point) => around(String.fromCodePoint(point))).join(' '))
    }
    const settings = preprocessSettings.parse({ unicode })
    const found = await scanned(texts, settings)
    const escaped = (tokens: string[]) =>
      tokens.map((token) => Array.from(token, (character) => character.codePointAt(0)!.toString(16)).join(' '))
    // Compared by text, which is thousands of tokens, and shown as code points: what differs may look the same.
    slowly(texts, settings).forEach((expected, i) => {
      if (found[i]!.join(' ') !== expected.join(' ')) expect(escaped(found[i]!)).toEqual(escaped(expected))
    })
    expect(found.length).toBe(texts.length)
  })

  it('cuts survey answers at white space', async () => {
    const answers: TokeniserResources = { ...none, tokenisation: 'answers' }
    const texts = ['Q50=3 Q51=A_b', ' ÄÖ=1\u00a0x\t漢=The ', '']
    expect(await scanned(texts, preprocessSettings.parse({}), answers)).toEqual(
      slowly(texts, preprocessSettings.parse({}), answers),
    )
  })

  it('takes documents longer than a block, with and without spaces in them, and more words than the first table holds', async () => {
    const settings = preprocessSettings.parse({ numbers: 'keep' })
    const many = Array.from({ length: 300_000 }, (_, i) => `w${i}`).join(' ')
    const texts = [
      'first',
      many,
      'x'.repeat(700_000),
      'ж'.repeat(700_000),
      `y ${'ab'.repeat(400_000)} z ${many}`,
      '漢字'.repeat(1000),
      '',
      'last',
    ]
    for (const threads of [1, 3]) {
      const found = await scanned(texts, settings, none, threads)
      // Compared by document: a difference of millions of tokens cannot be printed.
      slowly(texts, settings).forEach((tokens, i) => expect(found[i]!.join(' ') === tokens.join(' ')).toBe(true))
      expect(found.length).toBe(texts.length)
    }
  })

  const corpora = resolve('../shared/corpora')
  it
    .skipIf(!existsSync(corpora))
    .each(['smg/ch/dev.txt.gz', 'smg/bcms/dev.txt.gz', 'geotext/user_info.train-partial.gz'])(
    'reads %s like its twin (skipped where the corpora are absent)',
    async (file) => {
      const lines = gunzipSync(await readFile(join(corpora, file)))
        .toString()
        .toWellFormed()
        .split('\n')
      const settings = preprocessSettings.parse({ hashtags: 'word' })
      const [found, expected] = [await scanned(lines, settings, none, 2), slowly(lines, settings)]
      expect(found.length).toBe(lines.length)
      expect(found.findIndex((tokens, i) => tokens.join(' ') !== expected[i]!.join(' '))).toBe(-1)
    },
  )
})
