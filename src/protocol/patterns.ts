import type { Feature, FeatureCollection, MultiPolygon, Point } from 'geojson'

/** What many maps have in common: a factor, counted from the greatest share. */
export interface CommonPattern {
  /** Of the variance of all maps. */
  share: number
  /** Where the score is at least `score`, in standard deviations over the cells. */
  surface: FeatureCollection<MultiPolygon, { score: number }>
}
/** A group of places whose words are alike. */
export interface WordRegion {
  /** Cells and informants in it. */
  cells: number
  informants: number
  /** Mean score of its cells, by factor. */
  scores: number[]
  /** The words whose use is furthest above what was to be expected there, on average over its cells. */
  words: string[]
}
export interface PatternsAnswer {
  informants: number
  /** Words that passed the test of geography but lie at under five sites, or half of whose users are at one: not taken. */
  fewSites: number
  bandwidthKm: number
  /** Factors beyond what coordinates dealt anew have. */
  suggested: number
  /** Of the principal components of the local scores, greatest first, twenty at most; and what coordinates dealt anew reach once in twenty. */
  variances: number[]
  dealt: number[]
  factors: CommonPattern[]
  /** A map's correlations with the factors, and the part of its variance that they account for. */
  maps: { name: string; loadings: number[]; communality: number }[]
  cells: FeatureCollection<Point, { informants: number; scores: number[]; region: number }>
  regions: WordRegion[]
  /** Where places are most like a region. */
  territories: FeatureCollection<MultiPolygon, { region: number }>
  /** Where at least ten informants' worth of evidence speaks. */
  support: Feature<MultiPolygon>
  /** Why there are no factors. */
  reason: string | null
}
