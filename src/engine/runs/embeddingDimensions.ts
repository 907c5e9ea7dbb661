import type { EmbeddingSettings } from '#protocol/experiment.ts'

/** What word2vec files mostly have; how many a file really has is known once it is read. */
const usualFileDimensions = 300

/** Dimensions of an embedding, for estimates. */
export const dimensionsOf = (settings: EmbeddingSettings) =>
  settings.method === 'file' ? usualFileDimensions : settings.dimensions
