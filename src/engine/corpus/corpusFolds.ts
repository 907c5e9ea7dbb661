import { folds, type Fold } from '#protocol/corpus.ts'
import { take } from '#engine/geo/take.ts'
import type { Points } from '#engine/geo/points.ts'
import type { Corpus } from './corpusReader.ts'

/** How a corpus writes each fold down. */
export const foldCode = Object.fromEntries(folds.map((fold, code) => [fold, code])) as Record<Fold, number>

/** Documents' rows of one fold, ascending. */
export function rowsOfFold({ folds: foldOf }: Pick<Corpus, 'folds'>, fold: Fold): Int32Array {
  const code = foldCode[fold]
  const rows = new Int32Array(foldOf.length)
  let count = 0
  for (let row = 0; row < foldOf.length; row++) if (foldOf[row] === code) rows[count++] = row
  return rows.slice(0, count)
}

export const pointsAt = ({ points }: Pick<Corpus, 'points'>, rows: Int32Array): Points => ({
  lat: take(points.lat, rows),
  lon: take(points.lon, rows),
})

/** The points of each fold; null for development or test without documents. */
export function pointsOfFolds(corpus: Corpus): { train: Points; dev: Points | null; test: Points | null } {
  const of = (fold: Fold) => pointsAt(corpus, rowsOfFold(corpus, fold))
  const [dev, test] = [of('dev'), of('test')]
  return { train: of('train'), dev: dev.lat.length > 0 ? dev : null, test: test.lat.length > 0 ? test : null }
}
