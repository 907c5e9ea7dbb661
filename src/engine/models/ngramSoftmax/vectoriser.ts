import type { StageContext } from '#engine/context.ts'
import type { ModelDocuments } from '#engine/models/method.ts'
import { eachText } from './eachText.ts'
import { columnsOfSlots, setOf, type Features, type FeatureSettings } from './features.ts'
import { NgramReader } from './ngramReader.ts'

/** Row i has the columns `columns[starts[i]]` to `columns[starts[i + 1] - 1]`, once each, and their values beside them. */
export interface SparseRows {
  starts: Float64Array
  columns: Int32Array
  values: Float32Array
}

/**
 * Turns texts into rows: each n-gram's frequency by its idf, words and characters brought to length sqrt(1/2) each, or
 * words alone to 1.
 */
export class Vectoriser {
  /** What the last text read as; `columnOf` says which columns its n-grams have. */
  readonly reader: NgramReader
  readonly columnOf: (slot: number) => number
  /** The last text's distinct columns, how often each stood in it, and its value. */
  size = 0
  columns: Int32Array = new Int32Array(1024)
  values: Float32Array = new Float32Array(1024)
  readonly times: Int32Array
  private readonly features: Features
  private readonly settings: FeatureSettings

  constructor(features: Features, settings: FeatureSettings) {
    this.features = features
    this.settings = settings
    this.reader = new NgramReader(settings)
    this.columnOf = columnsOfSlots(features)
    this.times = new Int32Array(features.idf.length)
  }

  read(text: string): void {
    const { reader, columnOf, times } = this
    for (let i = 0; i < this.size; i++) times[this.columns[i]!] = 0
    this.size = 0
    reader.read(text)
    if (this.columns.length < reader.count) {
      this.columns = new Int32Array(2 * reader.count)
      this.values = new Float32Array(2 * reader.count)
    }
    for (let i = 0; i < reader.count; i++) {
      const column = columnOf(reader.slots[i]!)
      if (column >= 0 && times[column]!++ === 0) this.columns[this.size++] = column
    }
    this.weigh()
  }

  private weigh(): void {
    const { columns, values, times, size } = this
    const { idf, wordColumns } = this.features
    const [binary, alone] = [
      this.settings.frequency === 'binary',
      this.settings.characters === 'none' || this.settings.tokenisation === 'answers',
    ]
    let [ofWords, ofCharacters] = [0, 0]
    for (let i = 0; i < size; i++) {
      const column = columns[i]!
      const value = idf[column]! * (binary ? 1 : 1 + Math.log(times[column]!))
      values[i] = value
      if (column < wordColumns) ofWords += value * value
      else ofCharacters += value * value
    }
    const share = alone ? 1 : Math.SQRT1_2
    const [wordScale, characterScale] = [share / Math.sqrt(ofWords || 1), share / Math.sqrt(ofCharacters || 1)]
    for (let i = 0; i < size; i++) values[i]! *= columns[i]! < wordColumns ? wordScale : characterScale
  }
}

/** Rows of chosen documents; row i is that of `chosen[i]`, each of which is chosen once. */
export async function sparseRows(
  documents: ModelDocuments,
  chosen: Int32Array,
  vectoriser: Vectoriser,
  context: Pick<StageContext, 'signal'>,
): Promise<SparseRows> {
  const rowOf = new Map(Array.from(chosen, (document, row) => [document, row]))
  const parts = new Array<{ columns: Int32Array; values: Float32Array }>(chosen.length)
  const visit = (document: number, text: string) => {
    vectoriser.read(text)
    parts[rowOf.get(document)!] = {
      columns: vectoriser.columns.slice(0, vectoriser.size),
      values: vectoriser.values.slice(0, vectoriser.size),
    }
  }
  await eachText(documents, setOf(chosen), visit, context)
  const starts = new Float64Array(chosen.length + 1)
  parts.forEach(({ columns }, row) => (starts[row + 1] = starts[row]! + columns.length))
  const size = starts[chosen.length]!
  const [columns, values] = [new Int32Array(size), new Float32Array(size)]
  parts.forEach((part, row) => {
    columns.set(part.columns, starts[row])
    values.set(part.values, starts[row])
  })
  return { starts, columns, values }
}
