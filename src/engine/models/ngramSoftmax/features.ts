import type { NgramSoftmaxSettings } from '#protocol/models/ngramSoftmax.ts'
import type { StageContext } from '#engine/context.ts'
import { GrowingArray } from '#engine/corpus/growingArray.ts'
import type { ModelDocuments } from '#engine/models/method.ts'
import { eachText } from './eachText.ts'
import { NgramReader, wordSlots, type NgramReading } from './ngramReader.ts'
import { SlotNumbers } from './slotNumbers.ts'

export interface FeatureSettings
  extends NgramReading, Pick<NgramSoftmaxSettings, 'minDocuments' | 'maxShare' | 'frequency' | 'idf'> {}

/** The n-grams of a model: its columns. Those of words come first. */
export interface Features {
  /** Slots that have a column, ascending, where columns are n-grams; null where slots are hashed to columns. */
  slots: Int32Array | null
  /** Inverse document frequency of each column. */
  idf: Float32Array
  wordColumns: number
}

/** Columns at most of words, and of n-grams of characters; a corpus that has more is hashed to as many. */
const mostColumns = 1 << 19
/** Of hashed columns, which lose nothing that could be measured at a quarter of it on 39,750 tweets. */
const hashedColumns = 1 << 18
export const hashedSize = 2 * hashedColumns

/** Counts the n-grams of the training documents and chooses those that the model reads. */
export async function fitFeatures(
  documents: ModelDocuments,
  train: Int32Array,
  settings: FeatureSettings,
  context: Pick<StageContext, 'signal'>,
): Promise<Features> {
  const numbers = new SlotNumbers()
  // Of each slot by its number.
  const frequency = new GrowingArray(Int32Array)
  const lastDocument = new GrowingArray(Int32Array)
  const reader = new NgramReader(settings)
  const visit = (document: number, text: string) => {
    reader.read(text)
    for (let i = 0; i < reader.count; i++) {
      const number = numbers.add(reader.slots[i]!)
      if (number === frequency.length) {
        frequency.push(1)
        lastDocument.push(document)
      } else if (lastDocument.at(number) !== document) {
        frequency.set(number, frequency.at(number) + 1)
        lastDocument.set(number, document)
      }
    }
  }
  await eachText(documents, setOf(train), visit, context)
  const most = settings.maxShare * train.length
  const slots = numbers.slots
    .filter((_, number) => frequency.at(number) >= settings.minDocuments && frequency.at(number) <= most)
    .sort()
  const wordColumns = slots.reduce((count, slot) => count + (slot < wordSlots ? 1 : 0), 0)
  const idfOf = (documentFrequency: number) => inverseFrequency(settings.idf, train.length, documentFrequency)
  if (Math.max(wordColumns, slots.length - wordColumns) > mostColumns)
    return hashed(numbers.slots, frequency.values, idfOf)
  return { slots, idf: Float32Array.from(slots, (slot) => idfOf(frequency.at(numbers.find(slot)))), wordColumns }
}

/** Columns of many slots each. A document with several of them is counted once for each, which makes such a column no rarer than it is. */
function hashed(slots: Int32Array, frequency: Int32Array, idfOf: (documentFrequency: number) => number): Features {
  const counts = new Float64Array(hashedSize)
  slots.forEach((slot, number) => (counts[hashedColumn(slot)]! += frequency[number]!))
  return { slots: null, idf: Float32Array.from(counts, idfOf), wordColumns: hashedColumns }
}

const hashedColumn = (slot: number) => (slot < wordSlots ? 0 : hashedColumns) + (slot & (hashedColumns - 1))

function inverseFrequency(idf: FeatureSettings['idf'], documents: number, documentFrequency: number): number {
  const log = Math.max(0, Math.log((1 + documents) / (1 + documentFrequency)))
  return idf === 'smooth' ? log + 1 : log ** 3
}

/** Says the column of a slot, -1 for none. */
export function columnsOfSlots({ slots }: Features): (slot: number) => number {
  if (!slots) return hashedColumn
  const numbers = SlotNumbers.of(slots)
  return (slot) => numbers.find(slot)
}

export function setOf(documents: Int32Array): (document: number) => boolean {
  const members = new Set(documents)
  return (document) => members.has(document)
}
