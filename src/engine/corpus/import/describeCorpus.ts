import { folds, type CorpusSummary } from '#protocol/corpus.ts'
import type { Documents } from './groupDocuments.ts'
import { placeKey } from '#pure/placeKey.ts'
import type { RejectedRows } from './rejectedRows.ts'
import type { WrittenDocuments } from './writeDocuments.ts'

type Known = Pick<
  CorpusSummary,
  'name' | 'format' | 'encoding' | 'splitBy' | 'synthetic' | 'filtered' | 'furtherColumns' | 'warnings'
>

/** Counts what a reader of a result must know: folds, authors, places, leakage, duplicates, rejects. */
export function describeCorpus(
  documents: Documents,
  written: WrittenDocuments,
  rejects: RejectedRows,
  authors: number,
  known: Known,
): Omit<CorpusSummary, 'id'> {
  const { order, duplicates, duplicatesAcrossFolds, duplicatesDropped, authorCount } = written
  const counts = [0, 0, 0]
  /** Of each author: bit 0 for training, bit 1 for another fold. */
  const seenIn = new Uint8Array(authors)
  for (const document of order) {
    const fold = documents.folds[document]!
    counts[fold]!++
    const author = documents.authors[document]!
    if (author >= 0) seenIn[author]! |= fold === 0 ? 1 : 2
  }
  const authorsAcrossFolds = seenIn.reduce((count, bits) => count + (bits === 3 ? 1 : 0), 0)
  const warnings = [...known.warnings]
  if (authorsAcrossFolds > 0) {
    warnings.push(
      `${authorsAcrossFolds} authors have documents in training and in another fold: results will look better than they are.`,
    )
  }
  if (duplicatesAcrossFolds > 0 && duplicatesDropped === 0) {
    warnings.push(
      `${duplicatesAcrossFolds} documents have the same text as one of another fold: results will look better than they are. corpus.duplicates: drop leaves them out.`,
    )
  }
  const keys = Float64Array.from(order, (document) => placeKey(documents.lat[document]!, documents.lon[document]!))
  // Documents are in the order of folds.
  const [training, , tests] = counts.map((count, fold) => {
    const start = counts.slice(0, fold).reduce((sum, before) => sum + before, 0)
    return keys.slice(start, start + count).sort()
  }) as [Float64Array, Float64Array, Float64Array]
  return {
    ...known,
    documents: Object.fromEntries(folds.map((fold, i) => [fold, counts[i]!])) as CorpusSummary['documents'],
    authors: authorCount > 0 ? authorCount : null,
    places: distinct(keys.sort()),
    rejected: rejects.count,
    rejectedByReason: Object.fromEntries(rejects.byReason.map(({ reason, rows }) => [reason, rows])),
    testPlacesSeen: tests.length > 0 ? seenCount(tests, training) / tests.length : null,
    authorsAcrossFolds,
    duplicateDocuments: duplicates,
    duplicatesAcrossFolds,
    duplicatesDropped,
    warnings,
  }
}

const distinct = (sorted: Float64Array) =>
  sorted.reduce((count, key, i) => count + (i === 0 || key !== sorted[i - 1] ? 1 : 0), 0)

/** How many of `keys` occur among `others`; both ascend. */
function seenCount(keys: Float64Array, others: Float64Array): number {
  let seen = 0
  let at = 0
  for (const key of keys) {
    while (at < others.length && others[at]! < key) at++
    if (others[at] === key) seen++
  }
  return seen
}
