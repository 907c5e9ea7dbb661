import type { Experiment } from '#protocol/experiment.ts'
import type { Path } from './yamlText.ts'

/** What the form shows of an experiment; everything else is set in the text beside it. */
export type Field = { path: Path; label: string; hint?: string } & (
  | { kind: 'number'; min: number; max?: number; step: number }
  | { kind: 'choice'; options: readonly { value: string; title: string }[] }
  | { kind: 'check' }
  | { kind: 'text'; placeholder?: string }
)

export interface FieldGroup {
  /** Unique in the form. */
  key: string
  title: string
  /** Beside the title, such as a method. */
  note?: string
  /** A label scheme or a model that can be taken out again. */
  removable?: Path
  fields: Field[]
}

const choice = (...options: [value: string, title: string][]) => ({ kind: 'choice', options: options.map(([value, title]) => ({ value, title })) }) as const
const whole = (min: number, max?: number) => ({ kind: 'number', min, max, step: 1 }) as const
const keepOrDrop = choice(['keep', 'keep'], ['drop', 'drop'])

const preprocess: FieldGroup = {
  key: 'preprocess',
  title: 'Text',
  fields: [
    { path: ['preprocess', 'lowercase'], label: 'Lower case', kind: 'check' },
    {
      path: ['preprocess', 'unicode'],
      label: 'Same letters, typed otherwise',
      ...choice(['nfc', 'one word (NFC)'], ['nfkc', 'also ligatures and full-width forms (NFKC)'], ['none', 'different words']),
    },
    { path: ['preprocess', 'stopwords'], label: 'Stop words', kind: 'text', placeholder: 'none', hint: 'none, or a language: en, de, fr…' },
    { path: ['preprocess', 'urls'], label: 'URLs', ...keepOrDrop },
    { path: ['preprocess', 'numbers'], label: 'Numbers', ...choice(['zero', 'digits become 0'], ['keep', 'keep']) },
    { path: ['preprocess', 'mentions'], label: '@mentions', ...keepOrDrop, hint: 'They tell friends, not dialect' },
    { path: ['preprocess', 'hashtags'], label: '#hashtags', ...choice(['keep', 'keep'], ['word', 'as a word'], ['drop', 'drop']) },
    { path: ['preprocess', 'placeNames'], label: 'Place names', ...choice(['keep', 'keep'], ['mask', 'mask']), hint: 'They tell places, not dialect' },
    { path: ['preprocess', 'minFrequency'], label: 'Least frequency', ...whole(1) },
    {
      path: ['preprocess', 'replacementTokens'],
      label: 'Rare words',
      ...choice(['none', 'drop'], ['naive', 'place tokens, as in the paper'], ['leave-one-out', 'place tokens, leave-one-out']),
    },
    { path: ['preprocess', 'maxWords'], label: 'Words a document', ...whole(1), hint: 'At most' },
    { path: ['preprocess', 'maxVocabulary'], label: 'Vocabulary', ...whole(1), hint: 'At most, by information gain ratio' },
  ],
}

function labelGroup(name: string, { method }: Experiment['labels'][string]): FieldGroup {
  const at = (key: string): Path => ['labels', name, key]
  switch (method) {
    case 'kd-tree':
      return {
        key: `labels.${name}`,
        title: `Labels ${name}`,
        note: 'k-d tree',
        removable: ['labels', name],
        fields: [
          { path: at('bucket'), label: 'Points a cell', ...whole(1), hint: 'At most' },
          { path: at('assign'), label: 'New points go to', ...choice(['cell', 'the cell they lie in'], ['nearest-median', 'the nearest centre']) },
        ],
      }
    case 'point2city':
      return {
        key: `labels.${name}`,
        title: `Labels ${name}`,
        note: 'Point2City',
        removable: ['labels', name],
        fields: [
          { path: at('radiusKm'), label: 'Radius, km', kind: 'number', min: 0.1, max: 2000, step: 0.1 },
          { path: at('minPopulation'), label: 'City of at least', ...whole(500), hint: 'Inhabitants' },
          { path: at('merge'), label: 'Cities merge', ...choice(['nearest', 'with the nearest'], ['mutual', 'when mutually nearest']) },
        ],
      }
    default:
      throw method satisfies never
  }
}

function embeddingGroup({ method }: Experiment['embeddings']): FieldGroup {
  const at = (key: string): Path => ['embeddings', key]
  const methods: Field = { path: at('method'), label: 'From', ...choice(['skip-gram', 'skip-gram on this corpus'], ['random', 'random vectors'], ['file', 'a word2vec file']) }
  const size: Field = { path: at('dimensions'), label: 'Dimensions', ...whole(1, 2048) }
  const fields: Record<typeof method, Field[]> = {
    'skip-gram': [
      methods,
      size,
      { path: at('window'), label: 'Window', ...whole(1, 64), hint: 'Words to each side' },
      { path: at('epochs'), label: 'Epochs', ...whole(1) },
      { path: at('seed'), label: 'Seed', ...whole(0) },
    ],
    random: [methods, size, { path: at('seed'), label: 'Seed', ...whole(0) }],
    file: [methods, { path: at('file'), label: 'File', kind: 'text', placeholder: 'vectors.bin' }],
  }
  return { key: 'embeddings', title: 'Word vectors', fields: fields[method] }
}

function modelGroup(name: string, { tasks }: Experiment['models'][string]): FieldGroup {
  const at = (key: string): Path => ['models', name, key]
  const multi = tasks.includes('coordinates')
  return {
    key: `models.${name}`,
    title: `Model ${name}`,
    note: multi ? 'MTL: labels and coordinates' : 'STL: labels',
    removable: ['models', name],
    fields: [
      ...(multi
        ? [
            {
              path: at('coordinates'),
              label: 'Coordinates',
              ...choice(['box', 'scaled to the training box'], ['paper', 'as in the paper'], ['local-km', 'local kilometres']),
            } as const,
          ]
        : []),
      { path: at('epochs'), label: 'Epochs', ...whole(1), hint: 'At most' },
      { path: at('patience'), label: 'Patience', ...whole(1), hint: 'Epochs without a better one' },
      { path: at('batch'), label: 'Batch', ...whole(1, 4096) },
      { path: at('learningRate'), label: 'Learning rate', kind: 'number', min: 0, step: 0.0001 },
      { path: at('vectorsLearningRate'), label: 'Learning rate of word vectors', kind: 'number', min: 0, step: 0.001 },
      { path: at('averaging'), label: 'Averaging', kind: 'number', min: 0, max: 0.9, step: 0.1, hint: 'Share of earlier epochs in the weights' },
      { path: at('dropout'), label: 'Dropout', kind: 'number', min: 0, max: 0.9, step: 0.05 },
      { path: at('wordDropout'), label: 'Word dropout', kind: 'number', min: 0, max: 0.9, step: 0.05 },
      { path: at('attention'), label: 'Attention', ...choice(['yang', 'Yang et al. 2016'], ['none', 'none']) },
      { path: at('fineTune'), label: 'Fine-tune word vectors', kind: 'check' },
    ],
  }
}

const evaluation: FieldGroup = {
  key: 'evaluation',
  title: 'Evaluation',
  fields: [
    { path: ['evaluation', 'resamples'], label: 'Bootstrap samples', kind: 'number', min: 100, max: 1_000_000, step: 100 },
    {
      path: ['evaluation', 'unit'],
      label: 'Drawn by',
      ...choice(['', 'author where there is one, else place'], ['author', 'author'], ['place', 'place'], ['document', 'document']),
    },
  ],
}

/** The groups of the form, in the order of a study; label schemes and models as the experiment has them. */
export function fieldGroups(experiment: Experiment): FieldGroup[] {
  return [
    preprocess,
    ...Object.entries(experiment.labels).map(([name, settings]) => labelGroup(name, settings)),
    embeddingGroup(experiment.embeddings),
    ...Object.entries(experiment.models).map(([name, settings]) => modelGroup(name, settings)),
    evaluation,
  ]
}

/** How many runs an experiment asks for, and of what. */
export function matrixOf({ labels, models, matrix }: Experiment): { labels: string[]; models: string[]; seeds: number[]; runs: number } {
  const chosen = { labels: matrix.labels ?? Object.keys(labels), models: matrix.models ?? Object.keys(models), seeds: matrix.seeds }
  return { ...chosen, runs: chosen.labels.length * chosen.models.length * chosen.seeds.length }
}
