import type { Position } from 'geojson'
import type { LabelMethodName } from './labels/labels.ts'

/** Shapes of label sets: labels as tables and maps show them. Shares are 0-1; null where there is no number. */

export interface LabelRow {
  index: number
  name: string
  /** GeoNames city nearest to the label's centre (for P2C: the city that names it). */
  city: string
  country: string
  documents: number
  /** Median latitude and longitude of the label's training points: the headline centre. */
  lat: number
  lon: number
  /** Mean vector of the label's training points. */
  meanLat: number
  meanLon: number
}

/** Errors of a perfect classifier: each document that has a label at its own label's centre. */
export interface Oracle {
  accuracyAt161Km: number
  meanErrorKm: number
  medianErrorKm: number
}

export interface LabelSetSummary {
  name: string
  id: string
  method: LabelMethodName
  assign: string
  labelCount: number
  meanToCentreKm: number
  medianToCentreKm: number
  /** Mean over training documents with a label of the distance from their label's centre to its city. */
  centreToCityKm: number
  oracleMedianKm: number
  oracle: Record<'train' | 'dev' | 'test', Oracle | null>
  /** Documents in a label: minimum, quartiles, maximum. */
  sizes: [number, number, number, number, number]
  /** Documents without a label, such as those outside of all polygons, or without a value that training has. Distances and the oracle leave them out. */
  unlabelled: Record<'train' | 'dev' | 'test', number>
  /** Share of training points whose own label differs from the one of their place: Point2City, values of a column. */
  reassigned: number | null
  assignments: string
}

/** The setting of a scheme that says how fine its labels are. */
export type LabelSize = { method: 'kd-tree'; bucket: number } | { method: 'point2city'; radiusKm: number }

/** How fine the labels of one setting are, and what a classifier without fault would reach with them. */
export type Granularity = LabelSize &
  Pick<LabelSetSummary, 'labelCount' | 'meanToCentreKm' | 'medianToCentreKm' | 'centreToCityKm' | 'oracle'>

/** A label set as a map draws it. */
export interface LabelMap {
  summary: LabelSetSummary
  labels: LabelRow[]
  /** Training points, lon,lat degrees interleaved, and the label of each: -1 for none. */
  points: Float32Array
  pointLabels: Int32Array
  /** Border lines of territories: lon,lat vertices; line k is vertices starts[k]..starts[k+1]. */
  borderVertices: Float32Array
  borderStarts: Uint32Array
}

/** A label set of one size, which belongs to no experiment yet. */
export interface SizedLabels {
  size: LabelSize
  map: LabelMap
  /** As far as they lie in the padded box of the training points: lon,lat degrees, each an outline and its holes. */
  territories: { label: number; polygons: Position[][][] }[]
}
