import type { StageContext } from '#engine/context.ts'
import { pause } from '#engine/pause.ts'
import type { CorpusTokens } from '../tokens/corpusTokens.ts'

/** What is ranked: whole words, or their first or last letters. */
export type Units = 'words' | 'endings' | 'beginnings'

/** Who uses which unit. */
export interface UnitUsers {
  names: string[]
  /** Unit w has informants `informants[starts[w]]` to `informants[starts[w + 1] - 1]`, ascending. */
  starts: Float64Array
  informants: Int32Array
  /** Words in all of each informant, without repeated documents; 0 for one whom the conditions leave out. */
  lengths: Float64Array
}

export interface UnitOptions {
  units: Units
  minInformants: number
  /** Documents that count; null for all. */
  documents: Uint8Array | null
  /** Whether a word takes part at all. */
  isWanted(word: string): boolean
}

/** Letters of an ending or beginning. */
const letters = [2, 3, 4, 5]

/**
 * Who uses each unit, in two scans over the tokens: the first counts informants by unit, the second lists them for the units
 * with enough of them.
 */
export async function unitUsers(
  tokens: CorpusTokens,
  { units, minInformants, documents, isWanted }: UnitOptions,
  context: StageContext,
): Promise<UnitUsers> {
  const { names, unitsOf } = await unitsOfWords(tokens, units, isWanted, context)
  const counts = new Int32Array(names.length)
  const lengths = new Float64Array(tokens.informants)
  await eachUse(
    tokens,
    unitsOf,
    names.length,
    documents,
    (unit) => counts[unit]!++,
    context,
    (informant) => lengths[informant]!++,
  )
  const kept = new Int32Array(names.length).fill(-1)
  const keptNames: string[] = []
  const starts = [0]
  counts.forEach((count, unit) => {
    if (count < minInformants) return
    kept[unit] = keptNames.length
    keptNames.push(names[unit]!)
    starts.push(starts.at(-1)! + count)
  })
  const informants = new Int32Array(starts.at(-1)!)
  const next = Float64Array.from(starts)
  const take = (unit: number, informant: number) => {
    if (kept[unit]! >= 0) informants[next[kept[unit]!]!++] = informant
  }
  await eachUse(tokens, unitsOf, names.length, documents, take, context)
  return { names: keptNames, starts: Float64Array.from(starts), informants, lengths }
}

/** Of each word the units that it counts for. */
async function unitsOfWords(
  { words }: CorpusTokens,
  units: Units,
  isWanted: (word: string) => boolean,
  context: StageContext,
): Promise<{ names: string[]; unitsOf: (word: number) => Int32Array }> {
  const names: string[] = []
  const numbers = new Map<string, number>()
  const lists: Int32Array[] = new Array<Int32Array>(words.size)
  const none = new Int32Array()
  const add = (name: string) => {
    const known = numbers.get(name)
    if (known !== undefined) return known
    numbers.set(name, names.length)
    return names.push(name) - 1
  }
  for (let word = 0; word < words.size; word++) {
    if (word % 20_000 === 0) await pause(context)
    const text = words.text(word)
    lists[word] = isWanted(text) ? Int32Array.from(unitNames(text, units), add) : none
  }
  return { names, unitsOf: (word) => lists[word]! }
}

/** `-ville` and `mc-`; a word that is no longer than the letters has no such ending. */
function unitNames(word: string, units: Units): string[] {
  if (units === 'words') return [word]
  const signs = [...word]
  return letters
    .filter((count) => signs.length > count + 1)
    .map((count) => (units === 'endings' ? `-${signs.slice(-count).join('')}` : `${signs.slice(0, count).join('')}-`))
}

/** Visits each unit of each informant once. */
async function eachUse(
  tokens: CorpusTokens,
  unitsOf: (word: number) => Int32Array,
  unitCount: number,
  documents: Uint8Array | null,
  visit: (unit: number, informant: number) => void,
  context: StageContext,
  each: (informant: number) => void = () => undefined,
): Promise<void> {
  const { offsets, documentsOf, isRepeated } = tokens
  const lastUser = new Int32Array(unitCount).fill(-1)
  let [document, informant] = [0, 0]
  await tokens.scan((ids, start, count) => {
    for (let i = 0; i < count; i++) {
      const token = start + i
      while (offsets[document + 1]! <= token) document++
      if (isRepeated[document] || (documents && !documents[document])) continue
      while (documentsOf[informant + 1]! <= document) informant++
      each(informant)
      for (const unit of unitsOf(ids[i]!)) {
        if (lastUser[unit] === informant) continue
        lastUser[unit] = informant
        visit(unit, informant)
      }
    }
  }, context)
}
