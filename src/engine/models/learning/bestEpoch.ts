import type { EpochMetrics } from '#protocol/runs.ts'

/** The last epoch that was the best when it ended. */
export const bestEpoch = (epochs: EpochMetrics[]) => epochs.findLast(({ best }) => best)?.epoch ?? epochs.length
