import type { AttentionCnnSettings } from '#protocol/models/attentionCnn.ts'
import type { DecisionSettings, TargetSettings } from '#protocol/models/description.ts'
import type { ModelMethodName, ModelSettings } from '#protocol/models/models.ts'
import { choice, whole, type Field } from './fields.ts'
import type { Path } from '../../state/yamlText.ts'

type FieldsOf<Settings> = (at: (key: string) => Path, settings: Settings) => Field[]

const automatic = { kind: 'number', min: 0, empty: 'auto' } as const

/** Where a document is placed, and what that place goes by. */
const decision = (at: (key: string) => Path, settings: DecisionSettings): Field[] => [
  {
    path: at('decision'),
    label: 'Placed at',
    ...choice(
      ['least-risk', 'the label of least expected loss'],
      ['most-probable', 'the most probable label'],
      ['mean', 'the place of least expected error'],
      ['median', 'the place that most often comes near'],
    ),
  },
  ...(settings.decision === 'mean' || settings.decision === 'median'
    ? [{ path: at('sharpen'), label: 'Sharpened', ...automatic, step: 0.5, hint: 'Power; empty: on development' }]
    : []),
  ...(settings.decision === 'median'
    ? [{ path: at('lossScaleKm'), label: 'Near is', ...automatic, step: 10, hint: 'km; empty: on development' }]
    : []),
]

/** Labels that a document is trained towards. */
const targets = (at: (key: string) => Path, settings: { targets?: TargetSettings | undefined }): Field[] => {
  const soft = typeof settings.targets === 'object' ? settings.targets : null
  return [
    {
      path: at('targets'),
      label: 'Trained towards',
      kind: 'choice',
      options: [
        // Where hard targets are what is left out, nothing is written.
        { value: settings.targets === undefined ? '' : 'hard', title: 'its own label' },
        { value: 'soft', title: 'the labels near it', sets: soft ?? { smoothingKm: 'auto' } },
      ],
    },
    ...(soft
      ? [
          {
            path: [...at('targets'), 'smoothingKm'],
            label: 'Smoothing',
            ...automatic,
            step: 5,
            hint: 'km; empty: by the map',
          },
        ]
      : []),
  ]
}

/** What a network reads of a word beside the word itself. */
const characters = (at: (key: string) => Path, { characters: set }: AttentionCnnSettings): Field => ({
  path: at('characters'),
  label: 'Characters',
  kind: 'choice',
  options: [
    // Where none are what is left out, nothing is written.
    { value: set === undefined ? '' : 'none', title: 'not read' },
    {
      value: 'ngrams',
      title: 'read, of words that the vocabulary lacks too',
      sets: typeof set === 'object' ? set : { ngrams: [3, 5], buckets: 1 << 15 },
    },
  ],
})

/** Vectors of documents that somebody made elsewhere. */
const vectors = (at: (key: string) => Path): Field => ({
  path: at('features'),
  label: 'Reads',
  kind: 'file',
  purpose: 'vectors',
  without: 'words',
  hint: 'Or a .npy: a vector a document',
})

/** What the form shows of a model, by its method. */
export const modelFields: { [Name in ModelMethodName]: FieldsOf<Extract<ModelSettings, { method: Name }>> } = {
  'attention-cnn': (at, settings) => [
    ...(settings.tasks.length > 1 ? [joint(at)] : []),
    ...(settings.tasks.includes('coordinates') ? [coordinates(at)] : []),
    { path: at('epochs'), label: 'Epochs', ...whole(1), hint: 'At most' },
    { path: at('patience'), label: 'Patience', ...whole(1), hint: 'Epochs without a better one' },
    { path: at('batch'), label: 'Batch', ...whole(1, 4096) },
    { path: at('learningRate'), label: 'Learning rate', kind: 'number', min: 0, step: 0.0001 },
    { path: at('vectorsLearningRate'), label: 'Learning rate of word vectors', kind: 'number', min: 0, step: 0.001 },
    {
      path: at('averaging'),
      label: 'Averaging',
      kind: 'number',
      min: 0,
      max: 0.9,
      step: 0.1,
      hint: 'Share of earlier epochs in the weights',
    },
    { path: at('dropout'), label: 'Dropout', kind: 'number', min: 0, max: 0.9, step: 0.05 },
    { path: at('wordDropout'), label: 'Word dropout', kind: 'number', min: 0, max: 0.9, step: 0.05 },
    { path: at('attention'), label: 'Attention', ...choice(['yang', 'Yang et al. 2016'], ['none', 'none']) },
    { path: at('fineTune'), label: 'Fine-tune word vectors', kind: 'check' },
    ...(settings.fineTune ? [characters(at, settings)] : []),
    ...(settings.tasks.includes('labels') ? [...targets(at, settings), ...decision(at, settings)] : []),
  ],
  'naive-bayes': (at, settings) => [
    {
      path: at('features'),
      label: 'Words count',
      ...choice(['counts', 'as often as they stand'], ['presence', 'once a document']),
    },
    { path: at('smoothing'), label: 'Smoothing', kind: 'number', min: 0, step: 0.01, hint: 'Added to every count' },
    {
      path: at('keepByIgr'),
      label: 'Words kept',
      kind: 'number',
      min: 0,
      max: 1,
      step: 0.05,
      hint: 'Share, by information gain ratio',
    },
    ...decision(at, settings),
  ],
  'ngram-softmax': (at, settings) => [
    {
      path: at('frequency'),
      label: 'N-grams count',
      ...choice(['log', 'by the logarithm of how often they stand'], ['binary', 'once a document']),
    },
    { path: at('minDocuments'), label: 'In documents', ...whole(1), hint: 'In which an n-gram must stand' },
    {
      path: at('maxShare'),
      label: 'Share of documents',
      kind: 'number',
      min: 0,
      max: 1,
      step: 0.05,
      hint: 'In which an n-gram may stand',
    },
    { path: at('mentions'), label: 'Mentions', ...choice(['keep', 'kept'], ['drop', 'dropped']) },
    { path: at('hashtags'), label: 'Hashtags', ...choice(['keep', 'kept'], ['drop', 'dropped']) },
    {
      path: at('optimiser'),
      label: 'Trained by',
      ...choice(
        ['auto', 'what is best on held-out documents'],
        ['sgd', 'SGD'],
        ['adagrad', 'AdaGrad'],
        ['dual', 'L-BFGS, at most 5,000 documents'],
      ),
    },
    ...targets(at, settings),
    ...decision(at, settings),
  ],
  'logistic-regression': (at, settings) => [
    vectors(at),
    {
      path: at('frequency'),
      label: 'Words count',
      ...choice(['log', 'by the logarithm of how often they stand'], ['binary', 'once a document']),
    },
    { path: at('minDocuments'), label: 'In documents', ...whole(1), hint: 'In which a word must stand' },
    { path: at('l2'), label: 'L2', kind: 'number', min: 0, step: 0.1, hint: 'Weight of the squared weights' },
    { path: at('l1'), label: 'L1', kind: 'number', min: 0, step: 0.1, hint: 'Weight of the weights; many become 0' },
    ...targets(at, settings),
    ...decision(at, settings),
  ],
  'nearest-neighbour': (at) => [
    {
      path: at('frequency'),
      label: 'Words count',
      ...choice(['log', 'by the logarithm of how often they stand'], ['binary', 'once a document']),
    },
    { path: at('minDocuments'), label: 'In documents', ...whole(1), hint: 'In which a word must stand' },
  ],
  mlp: (at, settings) => [
    vectors(at),
    { path: at('hidden'), label: 'Hidden units', ...whole(1, 8192) },
    { path: at('minDocuments'), label: 'In documents', ...whole(1), hint: 'In which a word must stand' },
    {
      path: at('maxShare'),
      label: 'Share of documents',
      kind: 'number',
      min: 0,
      max: 1,
      step: 0.05,
      hint: 'In which a word may stand',
    },
    { path: at('epochs'), label: 'Epochs', ...whole(1), hint: 'At most' },
    { path: at('patience'), label: 'Patience', ...whole(1), hint: 'Epochs without a better one' },
    { path: at('batch'), label: 'Batch', ...whole(1, 4096) },
    { path: at('learningRate'), label: 'Learning rate', kind: 'number', min: 0, step: 0.0001 },
    { path: at('dropout'), label: 'Dropout', kind: 'number', min: 0, max: 0.9, step: 0.05 },
    ...targets(at, settings),
    ...decision(at, settings),
  ],
  'mixture-density': (at) => [
    { path: at('components'), label: 'Gaussians', ...whole(1, 4096), hint: 'Shared by all documents' },
    { path: at('hidden'), label: 'Hidden units', ...whole(1, 8192) },
    {
      path: at('leastSpreadKm'),
      label: 'Least spread',
      kind: 'number',
      min: 0.1,
      max: 1000,
      step: 1,
      hint: 'km, of a Gaussian',
    },
    { path: at('minDocuments'), label: 'In documents', ...whole(1), hint: 'In which a word must stand' },
    { path: at('epochs'), label: 'Epochs', ...whole(1), hint: 'At most' },
    { path: at('patience'), label: 'Patience', ...whole(1), hint: 'Epochs without a better one' },
    { path: at('batch'), label: 'Batch', ...whole(1, 4096) },
    { path: at('learningRate'), label: 'Learning rate', kind: 'number', min: 0, step: 0.0001 },
    { path: at('dropout'), label: 'Dropout', kind: 'number', min: 0, max: 0.9, step: 0.05 },
  ],
  ensemble: (at, settings) => decision(at, settings),
  imported: (at) => [{ path: at('file'), label: 'Predictions', kind: 'text', placeholder: 'predictions.csv' }],
}

const joint = (at: (key: string) => Path): Field => ({
  path: at('joint'),
  label: 'Networks',
  kind: 'choice',
  options: [
    { value: '', title: 'one for both tasks' },
    { value: 'apart', title: 'one for each task', sets: false },
  ],
})

const coordinates = (at: (key: string) => Path): Field => ({
  path: at('coordinates'),
  label: 'Coordinates',
  ...choice(['box', 'scaled to the training box'], ['paper', 'as in the paper'], ['local-km', 'local kilometres']),
})

/** The fields of a model's settings. */
export const fieldsOfModel = (settings: ModelSettings, at: (key: string) => Path): Field[] =>
  (modelFields[settings.method] as FieldsOf<ModelSettings>)(at, settings)
