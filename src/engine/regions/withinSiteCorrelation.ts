import type { SiteCounts } from './sites.ts'

/**
 * How alike informants of one site are: the one-way ANOVA estimator of the intraclass correlation of a yes-or-no answer
 * (Ridout, Demétrio & Firth 1999, "Estimating intraclass correlation for binary data", section 2.1), cut to 0..1; 0 where no
 * site has two informants.
 */
export function withinSiteCorrelation({ informants, users }: Pick<SiteCounts, 'informants' | 'users'>): number {
  const sites = informants.length
  let n = 0
  let squares = 0
  let yes = 0
  let yesBySite = 0
  for (let i = 0; i < sites; i++) {
    n += informants[i]!
    squares += informants[i]! ** 2
    yes += users[i]!
    yesBySite += users[i]! ** 2 / informants[i]!
  }
  if (n <= sites || sites < 2) return 0
  const within = (yes - yesBySite) / (n - sites)
  const between = (yesBySite - yes ** 2 / n) / (sites - 1)
  const typicalSize = (n - squares / n) / (sites - 1)
  const variance = between + (typicalSize - 1) * within
  return variance > 0 ? Math.min(1, Math.max(0, (between - within) / variance)) : 0
}
