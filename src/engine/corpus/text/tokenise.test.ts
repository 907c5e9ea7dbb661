import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { preprocessSettings } from '#protocol/experiment.ts'
import { stopWordsOf } from './stopWords.ts'
import { tokenise } from './tokenise.ts'
import { tokeniserResources } from './tokeniserResources.ts'

const settings = (changes: object = {}) => preprocessSettings.parse(changes)
const plain = { tokenisation: 'text', stopWords: new Set<string>(), placeNames: { names: new Set<string>(), longest: 0 } } as const
const tokens = (text: string, changes: object = {}, resources: Parameters<typeof tokenise>[2] = plain) => tokenise(text, settings(changes), resources).tokens

describe('tokenise', () => {
  it.each<[string, object, string[]]>([
    ['Yo WICKED cold', {}, ['yo', 'wicked', 'cold']],
    ['Yo', { lowercase: false }, ['Yo']],
    ['see http://t.co/aB1 or www.x.org ok', {}, ['see', 'or', 'ok']],
    ['see http://t.co/aB1', { urls: 'keep' }, ['see', 'http://t.co/ab1']],
    ['a &amp; b &#39; c ||| d', {}, ['a', 'b', 'c', 'd']],
    ['at 10:30 for $1,000.50', {}, ['at', '00:00', 'for', '0,000.00']],
    ['at 10:30', { numbers: 'keep' }, ['at', '10:30']],
    ['@User_12 #Tag2', {}, ['@user_12', '#tag0']],
    ['@user #tag', { mentions: 'drop', hashtags: 'word' }, ['tag']],
    ['@user #tag x', { mentions: 'drop', hashtags: 'drop' }, ['x']],
    ['y’all y\'all rock\'n\'roll', {}, ["y'all", "y'all", "rock'n'roll"]],
    ['gr8 b4 2nite', {}, ['gr0', 'b0', '0nite']],
    ['so 😀😀 🇨🇭!', {}, ['so', '😀', '😀', '🇨🇭']],
    ['zürifäscht Čačak', {}, ['zürifäscht', 'čačak']],
    ['नमस्ते دنيا', {}, ['नमस्ते', 'دنيا']],
    ['今日は', {}, ['今日', 'は']],
    ['', {}, []],
  ])('cuts %j', (text, changes, expected) => expect(tokens(text, changes)).toEqual(expected))

  it('drops stop words of a language and refuses one that it does not know', () => {
    expect(tokens('the wicked and cold', {}, { ...plain, stopWords: stopWordsOf('en') })).toEqual(['wicked', 'cold'])
    expect(stopWordsOf('en').has('home')).toBe(false)
    expect(() => stopWordsOf('xx')).toThrow(/"xx".*de, .*en/)
  })

  it('masks place names of several words', async () => {
    const resources = await tokeniserResources(settings({ placeNames: 'mask' }), 'text')
    expect(tokens('off to New York City and #Boston now', {}, resources)).toEqual(['off', 'to', 'and', 'now'])
  })

  it('cuts a run of letters without an end before it takes long, every character whole', () => {
    const began = performance.now()
    const found = tokens('𠮷野家'.repeat(30_000))
    expect(performance.now() - began).toBeLessThan(5000)
    expect(found.join('')).toBe('𠮷野家'.repeat(30_000))
    expect(found.every((token) => token.isWellFormed())).toBe(true)
  })

  it('leaves survey answers alone', () => {
    expect(tokens('Q50=3 Q51=A_b', {}, { ...plain, tokenisation: 'answers' })).toEqual(['Q50=3', 'Q51=A_b'])
  })

  it('has spans in order that hold the token in the text', () => {
    const piece = fc.oneof(fc.string({ unit: 'grapheme', maxLength: 12 }), fc.constantFrom(' ||| ', ' @ab1 ', '#x ', ' http://a.b ', '1,0', "don't", '漢字かな', '😀'))
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 12 }), (pieces) => {
        const text = pieces.join('')
        const found = tokenise(text, settings({ numbers: 'keep', lowercase: false }), plain)
        let last = 0
        found.tokens.forEach((token, i) => {
          const [start, end] = [found.spans[2 * i]!, found.spans[2 * i + 1]!]
          expect(start).toBeGreaterThanOrEqual(last)
          expect(text.slice(start, end).replace(/[’ʼ]/g, "'")).toBe(token)
          last = end
        })
      }),
    )
  })
})
