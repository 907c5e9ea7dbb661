import { describe, expect, it } from 'vitest'
import { cleanText } from './cleanText.ts'
import { NgramReader, wordSlots, type NgramReading } from './ngramReader.ts'

const reading: NgramReading = { characters: [1, 3], mentions: 'keep', hashtags: 'keep', tokenisation: 'text' }

function read(text: string, settings: Partial<NgramReading> = {}) {
  const reader = new NgramReader({ ...reading, ...settings })
  reader.read(text)
  const found = Array.from({ length: reader.count }, (_, i) => ({
    slot: reader.slots[i]!,
    covers: text.slice(reader.starts[i], reader.ends[i]),
  }))
  return {
    words: found.filter(({ slot }) => slot < wordSlots),
    characters: found.filter(({ slot }) => slot >= wordSlots),
  }
}

describe('NgramReader', () => {
  it('reads words, and the characters within them with a blank on both sides', () => {
    const { words, characters } = read('Jo mei')
    expect(words.map(({ covers }) => covers)).toEqual(['Jo', 'mei'])
    // _j _jo, j jo jo_, o o_ and so on: the blanks cover nothing.
    expect(characters.map(({ covers }) => covers)).toEqual([
      'J',
      'Jo',
      'J',
      'Jo',
      'Jo',
      'o',
      'o',
      'm',
      'me',
      'm',
      'me',
      'mei',
      'e',
      'ei',
      'ei',
      'i',
      'i',
    ])
    expect(new Set(characters.map(({ slot }) => slot)).size).toBe(characters.length)
  })

  it('gives the same n-gram the same slot, whatever its case and place', () => {
    const [first, second] = [read('grüezi mitenand'), read('MITENAND Grüezi')]
    const slots = ({ words, characters }: ReturnType<typeof read>) =>
      [...words, ...characters].map(({ slot }) => slot).sort((a, b) => a - b)
    expect(slots(first)).toEqual(slots(second))
  })

  it('drops addresses, and names and tags where it is told to', () => {
    const text = 'see https://x.example/a @anna #bern &amp; wow'
    expect(read(text).words.map(({ covers }) => covers)).toEqual(['see', '@anna', '#bern', 'wow'])
    expect(read(text, { mentions: 'drop', hashtags: 'drop' }).words.map(({ covers }) => covers)).toEqual(['see', 'wow'])
  })

  it('leaves survey answers as they are', () => {
    const { words, characters } = read('q1=You_all q2=http://a', { tokenisation: 'answers' })
    expect(words.map(({ covers }) => covers)).toEqual(['q1=You_all', 'q2=http://a'])
    expect(characters).toEqual([])
  })

  it('reads long words and pairs of surrogates whole', () => {
    const text = `${'a'.repeat(5000)}😀`
    const { characters } = read(text, { characters: [1, 1] })
    expect(characters).toHaveLength(5001)
    expect(characters.at(-1)!.covers).toBe('😀')
  })
})

describe('cleanText', () => {
  it('keeps every character where it is', () => {
    for (const text of ['İstanbul ΣΑΣ Straße', 'a ||| b', '@İ #x https://İ.example']) {
      expect(cleanText(text, { mentions: 'drop', hashtags: 'drop' })).toHaveLength(text.length)
    }
  })
})
