import { z } from 'zod'
import type { ExperimentInput } from './experiment.ts'

/** Systems of papers that an experiment file may name instead of writing their settings out. */
export const presetName = z.enum(['paper', 'rahimi-2017b', 'han-2014'])
export type PresetName = z.infer<typeof presetName>

/** Sections of an experiment file that a preset stands for. */
export type Preset = Pick<ExperimentInput, 'preprocess' | 'labels' | 'embeddings' | 'models'>

/** What each of them is; the sources leave the rest open, which has the defaults. */
export const presets: Record<PresetName, Preset> = {
  // Fornaciari and Hovy 2019, sections 3 and 4: the four conditions of their table 1, on TWITTER-US.
  paper: {
    preprocess: {
      stopwords: 'en',
      minFrequency: 5,
      replacementTokens: 'naive',
      maxVocabulary: 470_000,
      maxWords: 800,
    },
    labels: {
      kd: { method: 'kd-tree', bucket: 2400 },
      p2c: { method: 'point2city', radiusKm: 11, minPopulation: 15_000 },
    },
    embeddings: { method: 'skip-gram', dimensions: 512, window: 5, epochs: 50 },
    models: {
      stl: { method: 'attention-cnn', tasks: ['labels'], coordinates: 'paper', decision: 'most-probable' },
      mtl: {
        method: 'attention-cnn',
        tasks: ['labels', 'coordinates'],
        coordinates: 'paper',
        decision: 'most-probable',
      },
    },
  },
  // Rahimi, Cohn and Baldwin 2017b, section 4, on GeoText.
  'rahimi-2017b': {
    preprocess: { mentions: 'drop', hashtags: 'drop' },
    labels: {
      kmeans: { method: 'k-means', clusters: 32 },
      kd: { method: 'kd-tree', bucket: 50, assign: 'nearest-median' },
    },
    models: {
      mlp: { method: 'mlp', hidden: 100, decision: 'most-probable' },
      lr: {
        method: 'logistic-regression',
        frequency: 'binary',
        minDocuments: 10,
        maxShare: 0.2,
        decision: 'most-probable',
      },
    },
  },
  // Han, Cook and Baldwin 2014, sections 3.2 and 5.2.
  'han-2014': {
    preprocess: { minFrequency: 10 },
    labels: { cities: { method: 'han-cities', minPopulation: 100_000, joinKm: 50 } },
    models: { nb: { method: 'naive-bayes', features: 'counts', keepByIgr: 0.5, decision: 'most-probable' } },
  },
}
