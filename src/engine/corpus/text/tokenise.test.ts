import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { preprocessSettings } from '#protocol/experiment.ts'
import { stopWordsOf } from './stopWords.ts'
import { tokenise } from './tokenise.ts'
import { tokeniserResources } from './tokeniserResources.ts'

const settings = (changes: object = {}) => preprocessSettings.parse(changes)
const plain = {
  tokenisation: 'text',
  stopWords: new Set<string>(),
  placeNames: { names: new Set<string>(), longest: 0 },
} as const
const tokens = (text: string, changes: object = {}, resources: Parameters<typeof tokenise>[2] = plain) =>
  tokenise(text, settings(changes), resources).tokens

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
    ["y’all y'all rock'n'roll", {}, ["y'all", "y'all", "rock'n'roll"]],
    ['gr8 b4 2nite', {}, ['gr0', 'b0', '0nite']],
    ['so 😀😀 🇨🇭!', {}, ['so', '😀', '😀', '🇨🇭']],
    ['zürifäscht Čačak', {}, ['zürifäscht', 'čačak']],
    ['नमस्ते دنيا', {}, ['नमस्ते', 'دنيا']],
    ['今日は', {}, ['今日', 'は']],
    ['', {}, []],
    // Normal forms.
    ['cafe\u0301 caf\u00e9 J\u030c', {}, ['caf\u00e9', 'caf\u00e9', '\u01f0']],
    ['e\u0301 \u00e9', { unicode: 'none' }, ['e\u0301', '\u00e9']],
    ['ﬁn ２ don´t', { unicode: 'nfkc' }, ['fin', '0', "don't"]],
    ['ﬁn', {}, ['ﬁn']],
    ['a\u0323\u0302 a\u0302\u0323', {}, ['\u1ead', '\u1ead']],
    // Entities.
    ['Z&uuml;rich sch&ouml;n caf&#233; &Uuml;ber', {}, ['zürich', 'schön', 'café', 'über']],
    ['don&#39;t don&rsquo;t it&#x2019;s', {}, ["don't", "don't", "it's"]],
    ['Stra&szlig;e&nbsp;12 &lt;b&gt; Q&amp;A', {}, ['straße', '00', 'b', 'q', 'a']],
    [
      'sch&ouml n gr&uumlezi caf&eacute, R&D AT&T &copyright',
      {},
      ['schö', 'n', 'grüezi', 'café', 'r', 'd', 'at', 't', 'copyright'],
    ],
    ['z&amp;uuml;rich &amp;amp; &hearts;', {}, ['zürich', '♥\ufe0f']],
    ['rock&roll; &foo;', {}, ['rock', 'roll', 'foo']],
    ['Donau\u00addampf&shy;schiff', {}, ['donaudampfschiff']],
    // Joiners.
    ['می\u200cروم کتاب\u200cها می\u200c', {}, ['می\u200cروم', 'کتاب\u200cها', 'می']],
    ['ക്\u200dഷ അവന്\u200d #می\u200cروم 5\u200cها', {}, ['ക്\u200dഷ', 'അവന്\u200d', '#می\u200cروم', '0\u200cها']],
    // Emoji.
    ['👨‍👩‍👧‍👦 👍🏽👍 🏳️‍🌈 🏃🏿‍♀️', {}, ['👨‍👩‍👧‍👦', '👍🏽', '👍', '🏳️‍🌈', '🏃🏿‍♀️']],
    ['🏴󠁧󠁢󠁥󠁮󠁧󠁿🏴󠁧󠁢󠁳󠁣󠁴󠁿 🏴󠁧󠁢󠁷󠁬󠁳󠁿 🏴 🇨🇭🇦🇹🇩', {}, ['🏴󠁧󠁢󠁥󠁮󠁧󠁿', '🏴󠁧󠁢󠁳󠁣󠁴󠁿', '🏴󠁧󠁢󠁷󠁬󠁳󠁿', '🏴', '🇨🇭', '🇦🇹']],
    [
      '1️⃣2⃣ #️⃣ #1 ❤️❤ ❤\ufe0e ok\u200d👩',
      {},
      ['1\ufe0f⃣', '2\ufe0f⃣', '#\ufe0f⃣', '#0', '❤\ufe0f', '❤\ufe0f', '❤\ufe0f', 'ok', '👩'],
    ],
    // Apostrophes and marks.
    ["y'all y’all yʼall y‘all y`all y´all yʻall y′all", {}, Array(8).fill("y'all")],
    ["'quoted' ‘so’ ʻokina tʼ", {}, ['quoted', 'so', 'ʻokina', 'tʼ']],
    ['t͡ʃ ɜ˞k ma˥˩ b\u0329ɾ̥ \u0301 ha', {}, ['t͡ʃ', 'ɜ˞k', 'ma˥˩', 'b\u0329ɾ̥', 'ha']],
    ['हिन्दी கொ', {}, ['हिन्दी', 'கொ']],
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

  it('makes answers equal that are written in another normal form', () => {
    expect(tokens('Q1=cafe\u0301 Q1=caf\u00e9 Q2=a&amp;b', {}, { ...plain, tokenisation: 'answers' })).toEqual([
      'Q1=caf\u00e9',
      'Q1=caf\u00e9',
      'Q2=a&amp;b',
    ])
  })

  it('gives spans of the stored text', () => {
    const text = '😀 z&uuml;rich, cafe\u0301 &amp; Do\u00adnau 1\u20e3 e\u0301t'
    const { spans } = tokenise(text, settings(), plain)
    const pieces = Array.from({ length: spans.length / 2 }, (_, i) => text.slice(spans[2 * i], spans[2 * i + 1]))
    expect(pieces).toEqual(['😀', 'z&uuml;rich', 'cafe\u0301', 'Do\u00adnau', '1\u20e3', 'e\u0301t'])
  })

  it('has spans in order that hold the token in the text', () => {
    const piece = fc.oneof(
      fc.string({ unit: 'grapheme', maxLength: 12 }),
      fc.constantFrom(
        ' ||| ',
        ' @ab1 ',
        '#x ',
        ' http://a.b ',
        '1,0',
        "don't",
        'cafe\u0301',
        '&uuml;b&#101;r',
        'a\u00adb',
        '한국',
        '❤',
        '😀',
      ),
    )
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 12 }), (pieces) => {
        const text = pieces.join('')
        const found = tokenise(text, settings({ numbers: 'keep', lowercase: false }), plain)
        let last = 0
        found.tokens.forEach((token, i) => {
          const [start, end] = [found.spans[2 * i]!, found.spans[2 * i + 1]!]
          expect(start).toBeGreaterThanOrEqual(last)
          expect(tokens(text.slice(start, end), { numbers: 'keep', lowercase: false })).toEqual([token])
          last = end
        })
      }),
    )
  })
})
