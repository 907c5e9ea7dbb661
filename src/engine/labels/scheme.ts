import type { StageContext } from '#engine/context.ts'
import type { Points } from '#engine/geo/points.ts'
import type { FittedLabelSet } from './fittedLabelSet.ts'

/** The label of a place to which a scheme gives none, as of a place outside of all polygons, or of a document without a value. */
export const noLabel = -1

/** Documents that get labels: where they lie and, for a scheme of a column, what is in it. */
export interface LabelledDocuments extends Points {
  /** Distinct values, and of each document the number of its value, -1 for none. */
  column?: { values: string[]; codes: Int32Array }
}

/** A way to make labels of coordinates: one file or folder below `labels/`, and one line in the registry. */
export interface LabelScheme<Settings> {
  /** Raised when results change: a changed scheme never answers for an old artefact. */
  version: number
  /** How a new place gets its label, as summaries name it. */
  assign(settings: Settings): string
  /** Files that the labels are made from beside the corpus, with what belongs to them: they are part of the label set's id. */
  inputFiles?(settings: Settings): string[]
  /** The further column of the corpus whose values are the labels, for schemes of values instead of places. */
  column?(settings: Settings): string
  /** The settings whose number of labels is nearest to one wanted; for schemes that may name another one to match. */
  match?(settings: Settings, train: Points, labelCount: number, context: StageContext): Promise<Settings>
  /**
   * Labels from training documents alone. One label is a legitimate result: `labels.length` tells.
   * @param train at least one valid point; with their values where the scheme names a column
   */
  fit(settings: Settings, train: LabelledDocuments, context: StageContext): Promise<FittedLabelSet>
}
