import { drawnSplit, type CorpusSettings } from '#protocol/experiment.ts'
import { seededRandom } from '#engine/random.ts'
import type { Documents } from './groupDocuments.ts'
import { placeKey } from '#pure/placeKey.ts'

type SplitUnit = 'author' | 'place' | 'document'

/**
 * Draws the folds that no file and no column gives from the training documents: whole groups (authors, places, documents), shuffled
 * with the seed, go to a fold until it holds its share of documents. Changes `documents.folds`.
 */
export function drawFolds(
  documents: Documents,
  settings: CorpusSettings,
  hasFoldColumn: boolean,
): { by: SplitUnit | 'files' | 'column' | 'none'; warnings: string[] } {
  const { dev, test } = settings
  const split = drawnSplit(settings)
  const given = (fold: 1 | 2) => hasFoldColumn && documents.folds.includes(fold)
  const wanted =
    split === null
      ? []
      : (
          [
            [1, dev, split.dev],
            [2, test, split.test],
          ] as const
        ).filter(([fold, files, share]) => !files && !given(fold) && share > 0)
  if (split === null || wanted.length === 0)
    return { by: hasFoldColumn ? 'column' : dev || test ? 'files' : 'none', warnings: [] }
  const warnings: string[] = []
  const training = documents.folds.reduce((count, fold) => count + (fold === 0 ? 1 : 0), 0)
  const hasAuthors = documents.authors.some((author, document) => author >= 0 && documents.folds[document] === 0)
  const by = split.by ?? (hasAuthors ? 'author' : 'place')
  if (!split.by && !hasAuthors) {
    warnings.push(
      'There is no author column: folds are drawn by place, so that no test place was seen in training. Say corpus.split.by to choose otherwise.',
    )
  }
  const { groupOf, sizes } = groupsBy(by, documents)
  const order = Int32Array.from(sizes.keys())
  seededRandom(split.seed, 7).shuffle(order)
  const foldOf = new Uint8Array(sizes.length)
  let next = 0
  for (const [fold, , share] of wanted) {
    let held = 0
    // One group at least stays for training.
    while (held < Math.round(share * training) && next < order.length - 1) {
      const group = order[next++]!
      foldOf[group] = fold
      held += sizes[group]!
    }
    if (held === 0)
      warnings.push(
        `The ${fold === 1 ? 'dev' : 'test'} fold is empty: the corpus has too few groups by ${by} to draw from.`,
      )
  }
  documents.folds.forEach((fold, document) => {
    if (fold === 0) documents.folds[document] = foldOf[groupOf[document]!]!
  })
  return { by, warnings }
}

/** Groups of the training documents, numbered by their first documents, and how many documents each has. */
function groupsBy(
  by: SplitUnit,
  { count, folds, authors, lat, lon }: Documents,
): { groupOf: Int32Array; sizes: number[] } {
  const groupOf = new Int32Array(count).fill(-1)
  const sizes: number[] = []
  const known = new Map<number, number>()
  for (let document = 0; document < count; document++) {
    if (folds[document] !== 0) continue
    const key =
      by === 'place'
        ? placeKey(lat[document]!, lon[document]!)
        : by === 'author' && authors[document]! >= 0
          ? authors[document]!
          : null
    let group = key === null ? undefined : known.get(key)
    if (group === undefined) {
      group = sizes.length
      sizes.push(0)
      if (key !== null) known.set(key, group)
    }
    groupOf[document] = group
    sizes[group]!++
  }
  return { groupOf, sizes }
}
