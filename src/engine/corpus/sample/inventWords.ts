import type { Random } from '#engine/random.ts'

const onsets = [
  'b',
  'br',
  'c',
  'ch',
  'd',
  'dr',
  'f',
  'fl',
  'g',
  'gr',
  'h',
  'j',
  'k',
  'l',
  'm',
  'n',
  'p',
  'pl',
  'qu',
  'r',
  's',
  'sh',
  'sk',
  'st',
  't',
  'tr',
  'v',
  'w',
  'z',
]
const vowels = ['a', 'e', 'i', 'o', 'u', 'ai', 'ea', 'oo', 'ou']
const codas = ['', '', '', 'n', 'r', 'l', 's', 't', 'm', 'ck', 'nd', 'sh']

/** Distinct invented words of one to three syllables, in the order in which they were drawn. */
export function inventWords(random: Random, count: number): string[] {
  const words = new Set<string>()
  const pick = (from: string[]) => from[random.below(from.length)]!
  while (words.size < count) {
    let word = ''
    for (let syllable = 0; syllable <= random.below(3); syllable++) word += pick(onsets) + pick(vowels) + pick(codas)
    if (word.length >= 4) words.add(word)
  }
  return [...words]
}

const syllables = onsets.length * vowels.length * codas.length

/** The word of a number: another number, with few exceptions, another word; higher numbers are longer. */
export function spellWord(number: number): string {
  let word = ''
  for (let rest = number + syllables; rest > 0; rest = Math.floor(rest / syllables)) {
    const syllable = rest % syllables
    word +=
      onsets[syllable % onsets.length]! +
      vowels[Math.floor(syllable / onsets.length) % vowels.length]! +
      codas[Math.floor(syllable / (onsets.length * vowels.length))]!
  }
  return word
}
