import { preprocessSettings } from '#protocol/experiment.ts'

/** How the explorer cuts words: all of them, in lower case and normal form C, without addresses; figures as they are written. */
export const tokenSettings = preprocessSettings.parse({ numbers: 'keep', minFrequency: 1 })
