/** Is there geography at all: site residuals, their signs flipped. */
export interface GeographyReport {
  statistic: number
  p: number
  unit: 'site' | 'cell'
  bandwidthKm: number
  /** The difference of shares between two halves of the area that would have been found; null where none would. */
  detectableDifference: number | null
}
