import type { Explanation } from '#protocol/runs.ts'

/** Of a method that cannot say why it says what it says. */
export const noExplanation: Explanation = { attention: null, occlusion: null, contributions: null }
