import { EngineError } from '#protocol/errors.ts'
import { placeKey } from '#pure/placeKey.ts'
import { rowsOfFold } from '#engine/corpus/corpusFolds.ts'
import type { Corpus } from '#engine/corpus/corpusReader.ts'
import { murmur128 } from '#engine/corpus/import/textHashes.ts'

/** The test fold of one experiment: what its documents are, whatever their rows. */
export interface TestFold {
  experiment: string
  rows: Int32Array
  /** Of each row: text and place. */
  keys: string[]
}

/** Reads the test documents of a corpus; a key says nothing of a text. */
export async function testFoldOf(experiment: string, corpus: Corpus): Promise<TestFold> {
  const rows = rowsOfFold(corpus, 'test')
  const isTest = new Set(rows)
  const hash = new Uint32Array(4)
  const keys: string[] = []
  let row = 0
  for await (const texts of corpus.texts()) {
    for (const text of texts) {
      if (isTest.has(row)) {
        murmur128(text, hash)
        keys.push(`${hash.join('.')} ${placeKey(corpus.points.lat[row]!, corpus.points.lon[row]!)}`)
      }
      row++
    }
  }
  return { experiment, rows, keys }
}

/**
 * Where each document of the first fold stands in the other one; equal documents in their order.
 * @throws EngineError 'evaluation/other-test' where a document of one is not in the other
 */
export function matchTests(first: TestFold, other: TestFold): Int32Array {
  const places = new Map<string, number[]>()
  other.keys.forEach((key, i) => {
    const known = places.get(key)
    if (known) known.push(i)
    else places.set(key, [i])
  })
  for (const known of places.values()) known.reverse()
  const order = Int32Array.from(first.keys, (key) => places.get(key)?.pop() ?? -1)
  const lacking = Array.from(first.rows).filter((_, i) => order[i]! < 0)
  const left = [...places.values()].flat().sort((a, b) => a - b)
  if (lacking.length === 0 && left.length === 0) return order
  const added = left.map((i) => other.rows[i]!)
  throw new EngineError(
    'evaluation/other-test',
    `"${first.experiment}" and "${other.experiment}" were not tested on the same documents: ` +
      `of ${first.rows.length} test documents of ${first.experiment} ${lacking.length} are not in ${other.experiment}${listed(lacking)}, ` +
      `and of ${other.rows.length} of ${other.experiment} ${added.length} are not in ${first.experiment}${listed(added)}. ` +
      'Only errors on the same documents can be compared: give both the same test files, or the same split and seed.',
    { lacking, added },
  )
}

/** Rows of the corpus that are named; all of them are in the error's data. */
const named = 5
const listed = (rows: number[]) =>
  rows.length === 0
    ? ''
    : ` (${rows.length === 1 ? 'row' : 'rows'} ${rows.slice(0, named).join(', ')}${rows.length > named ? ', ...' : ''})`
