import { EngineError } from '#protocol/errors.ts'
import { pointsAt } from '#engine/corpus/corpusFolds.ts'
import type { Corpus } from '#engine/corpus/corpusReader.ts'
import { halveByUnit } from '#engine/evaluation/uncertainty/halveByUnit.ts'
import { unitsOf } from '#engine/evaluation/units.ts'
import type { CalibrationSettings } from './recipes.ts'

/**
 * Rows of the development fold in two halves: one that training may choose by, and one that it never sees.
 * @throws EngineError 'training/no-calibration' where either were empty
 */
export function halveDevelopment(
  corpus: Corpus,
  dev: Int32Array,
  { by }: CalibrationSettings,
): { tuning: Int32Array; calibration: Int32Array } {
  const unit = by === 'author-or-place' ? (corpus.authorCount > 0 ? 'author' : 'place') : by
  const authors = dev.map((row) => corpus.authors[row]!)
  const { clusterOf, clusters } = unitsOf(authors, pointsAt(corpus, dev), unit)
  const second = halveByUnit(clusterOf, clusters)
  const halves = { tuning: dev.filter((_, i) => second[i] === 0), calibration: dev.filter((_, i) => second[i] === 1) }
  if (halves.tuning.length === 0 || halves.calibration.length === 0)
    throw new EngineError(
      'training/no-calibration',
      `The development fold has ${dev.length} documents of ${clusters} ${unit}s; evaluation.uncertainty needs at least two ${unit}s, one for each half. Name development files, let corpus.split draw more, or leave evaluation.uncertainty out.`,
      { documents: dev.length, units: clusters },
    )
  return halves
}
