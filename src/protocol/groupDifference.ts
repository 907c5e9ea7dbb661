import type { Feature, FeatureCollection, MultiPolygon, Point } from 'geojson'
import type { Condition, MapAnswer } from './explorer.ts'

/** Where two groups of informants differ. */
export interface DifferenceAnswer {
  variants: string[]
  groups: [DifferingGroup, DifferingGroup]
  bandwidthKm: number
  /** As of a map. */
  criterion: MapAnswer['criterion']
  level: number
  /** That the groups differ nowhere, by flips of the sites' signs; null where both are known nowhere. */
  p: number | null
  /** Where the interval of the difference leaves out zero: areas where the group `more` (0 or 1) has at least so much more. */
  surface: FeatureCollection<MultiPolygon, { more: number; atLeast: number }>
  /** Where the band of the whole map leaves out zero as well. */
  certain: Feature<MultiPolygon>
  /** Where at least ten informants' worth of evidence of each group speaks. */
  support: Feature<MultiPolygon>
  /** Where the first group has most more, and most less, among what is told apart. */
  most: { difference: number; interval: [number, number]; lat: number; lon: number }[]
  /** Half an interval at the median place of what is known of both. */
  halfWidth: number | null
  /** Each site with informants and, by variant, users, of both groups. */
  points: FeatureCollection<Point, { informants: [number, number]; users: [number[], number[]] }>
  /** Why nothing is told apart. */
  reason: string | null
}
interface DifferingGroup {
  where: Condition[]
  informants: number
  sites: number
  /** Of the first variant among the group's informants; of several variants among those who use any. */
  share: number
}
