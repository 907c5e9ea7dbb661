import type { ExperimentInput } from '#protocol/experiment.ts'

/** A name for an experiment that its corpus file suggests and the project does not have yet. */
export function freeName(file: string, taken: string[]): string {
  const stem = file.replace(/\.(gz|txt|csv|tsv|jsonl?|ndjson|parquet)/gi, '').replace(/[^A-Za-z0-9._-]+/g, '-')
  const base =
    /^(train|dev|test|data|user_info)$/i.test(stem) || !/^[A-Za-z0-9]/.test(stem) ? 'study' : stem.slice(0, 56)
  if (!taken.includes(base)) return base
  let number = 2
  while (taken.includes(`${base}-${number}`)) number++
  return `${base}-${number}`
}

/** The paper's two models, and beside them one that needs no word vectors: it answers within minutes, and well on small corpora. */
export const firstModels: ExperimentInput['models'] = {
  ngram: { method: 'ngram-softmax' },
  stl: { method: 'attention-cnn', tasks: ['labels'] },
  mtl: { method: 'attention-cnn', tasks: ['labels', 'coordinates'] },
}

/** The sample corpus is there to see something soon: one seed, small vectors, few epochs. */
export const sampleSettings: Omit<ExperimentInput, 'name' | 'corpus'> = {
  preprocess: { stopwords: 'en', maxWords: 100 },
  labels: { kd: { method: 'kd-tree', bucket: 50 }, p2c: { method: 'point2city' } },
  embeddings: { method: 'skip-gram', dimensions: 128, epochs: 5 },
  models: {
    ngram: { method: 'ngram-softmax' },
    stl: { method: 'attention-cnn', tasks: ['labels'], epochs: 12, patience: 3 },
    mtl: { method: 'attention-cnn', tasks: ['labels', 'coordinates'], epochs: 12, patience: 3 },
  },
  matrix: { seeds: [1] },
}
