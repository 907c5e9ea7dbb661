import type { EpochMetrics } from '#protocol/runs.ts'

/** The last epoch that was the best when it ended. */
export const bestEpoch = (epochs: EpochMetrics[]) => epochs.findLast(({ best }) => best)?.epoch ?? epochs.length

/** Whether `patience` epochs have gone by without a better one; never without development documents, by which one is better. */
export const isExhausted = (epochs: EpochMetrics[], patience: number, devCount: number): boolean =>
  devCount > 0 && epochs.length - bestEpoch(epochs) >= patience
