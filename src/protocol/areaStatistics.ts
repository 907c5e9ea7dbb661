import type { FeatureCollection, MultiPolygon } from 'geojson'
import { z } from 'zod'

/** Spatial statistics of rates over areas: which of these are neighbours, and what comes of it. */

/** Which areas are neighbours: the nearest ones, all within some km, a Gaussian kernel of some km, or those that touch. */
export const weightsRule = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('knn'), neighbours: z.number().int().min(1).max(1000) }),
  z.strictObject({ kind: z.literal('band'), km: z.number().positive().max(20_100) }),
  z.strictObject({ kind: z.literal('kernel'), km: z.number().positive().max(20_100) }),
  z.strictObject({ kind: z.literal('contiguity') }),
])
export type WeightsRule = z.infer<typeof weightsRule>

export interface AreaReport {
  id: string
  name: string | null
  lat: number
  lon: number
  informants: number
  users: number
  rate: number
  /** Drawn towards the overall share as far as the area's informants are few (Marshall 1991). */
  smoothed: number
  /** Getis and Ord's Gi* as z. */
  gStar: number | null
  /** By conditional permutation, for local Moran, Gi and Gi* alike; null for an area without a neighbour, as is what follows. */
  p: number | null
  q: number | null
  localMoran: number | null
  /** Of the Moran scatter plot, as PySAL numbers them: 1 high among high, 2 low among high, 3 low among low, 4 high among low. */
  quadrant: 1 | 2 | 3 | 4 | null
}
export interface JoinCountReport {
  count: number
  expected: number
  variance: number
  z: number
  p: number
}
export interface StatsAnswer {
  variant: string
  /** In the areas that are told. */
  informants: number
  users: number
  share: number
  /** Informants who lie in no area. */
  outside: number
  /** Areas that are left out since nobody was asked there. */
  empty: number
  /** Areas without a neighbour. */
  islands: number
  /** Which areas are neighbours, in words. */
  weights: string
  areas: AreaReport[]
  moran: { i: number; expected: number; variance: number; z: number; p: number }
  /** Of rates standardised by their informants (Assunção and Reis 1999). */
  ratesMoran: { i: number; expected: number; variance: number; z: number; p: number }
  geary: { c: number; expected: number; variance: number; z: number; p: number }
  /** Neighbours that both lie above the overall share, both not above it, or one of each. */
  joinCounts: { above: JoinCountReport | null; below: JoinCountReport; different: JoinCountReport }
  /** The areas' outlines with their numbers; null where a table has none. */
  shapes: FeatureCollection<MultiPolygon, AreaReport> | null
  /** What a file was taken for. */
  reading?: string
}
