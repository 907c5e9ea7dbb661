import type { LabelSettings } from '#protocol/labels/labels.ts'
import type { LabelRow } from '#protocol/labelSets.ts'
import type { Points } from '#engine/geo/points.ts'
import { territories, type Territories, type TerritoryRule } from './territories.ts'

/** What a label set is made of, and what its folder holds. */
export interface LabelSetParts {
  settings: LabelSettings
  labels: LabelRow[]
  /** Where each label's city lies. */
  cities: Points
  /** The label of each training point. */
  trainLabels: Int32Array
  /** Share of training points to which `assign` gives another label than their own; null where it never does. */
  reassigned: number | null
  rule: TerritoryRule
}

/** Labels of places, and the rule that gives any place one of them. */
export interface LabelSet extends LabelSetParts, Territories {}

/** A label set of its parts, with the methods that its rule gives it. */
export function assembleLabelSet(parts: LabelSetParts): LabelSet {
  return { ...parts, ...territories(parts.rule, parts.labels.length) }
}
