import type { Points } from '#engine/geo/points.ts'

/**
 * What is known of a variable at each site (one distinct coordinate). Element i of every array is site i; counts may be
 * fractions, since an informant who uses several variants counts by the shares of the tokens.
 */
export interface SiteCounts extends Points {
  /** Informants at the site who use any of the variants; above 0. */
  informants: Float64Array
  /** Of these, those who use the variant in question; 0 to `informants`. */
  users: Float64Array
}

/** The same with all variants: `users[v][i]`, and over the variants they add up to the informants. */
export interface VariantCounts extends Points {
  informants: Float64Array
  users: Float64Array[]
}

/** The counts of one variant against all the others. */
export function oneAgainstRest({ lat, lon, informants, users }: VariantCounts, variant: number): SiteCounts {
  return { lat, lon, informants, users: users[variant]! }
}

export function total(values: Float64Array): number {
  let sum = 0
  for (const value of values) sum += value
  return sum
}

/** The share of users over all sites, each site weighing what `weights` says an informant of it weighs. */
export function weightedShare(
  { informants, users }: Pick<SiteCounts, 'informants' | 'users'>,
  weights: Float64Array,
): number {
  let all = 0
  let using = 0
  for (let i = 0; i < informants.length; i++) {
    all += weights[i]! * informants[i]!
    using += weights[i]! * users[i]!
  }
  return using / all
}
