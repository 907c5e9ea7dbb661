import type { ToldMetric } from '#protocol/comparison.ts'

/** Errors strictly under this count for Acc@161: 100 miles (Roller et al. 2012). */
export const nearKm = 161

/** Differences whose p is under this hold, corrected where there are several. */
export const significance = 0.05

/** Accuracies are shares and should be high; errors are kilometres and should be low. */
export const isShare = (metric: ToldMetric): boolean =>
  metric === 'accuracy' || metric === 'accuracyAt161Km' || metric === 'accuracyAtCountry'

export const isBetter = (metric: ToldMetric, a: number, b: number): boolean => (isShare(metric) ? a > b : a < b)

/** Accuracy counts exact labels, so it is compared within a scheme only; distances are compared across all. */
export const isComparable = (metric: ToldMetric, a: { labels: string | null }, b: { labels: string | null }): boolean =>
  metric !== 'accuracy' || a.labels === b.labels
