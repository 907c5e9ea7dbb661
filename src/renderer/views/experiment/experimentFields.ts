import type { Experiment } from '#protocol/experiment.ts'
import { labelDescriptions } from '#protocol/labels/labels.ts'
import { describeModel, tasksOf } from '#protocol/models/models.ts'
import type { Path } from '../../state/yamlText.ts'
import { choice, keepOrDrop, whole, type Field } from './fields.ts'
import { labelFields } from './labelFields.ts'
import { fieldsOfModel } from './modelFields.ts'

export interface FieldGroup {
  /** Unique in the form. */
  key: string
  title: string
  /** Beside the title, such as a method. */
  note?: string
  /** A label scheme or a model that can be taken out again. */
  removable?: Path
  /** Of that, as a person calls it. */
  name?: string
  fields: Field[]
}

/** How texts are read: once, or once a variant. */
function textGroups({ preprocess }: Experiment): FieldGroup[] {
  if (!Array.isArray(preprocess)) return [textGroup('Text', ['preprocess'])]
  return preprocess.map(({ name }, i) => ({
    ...textGroup(`Text ${name}`, ['preprocess', i]),
    ...(preprocess.length > 1 ? { removable: ['preprocess', i], name } : {}),
  }))
}

const textGroup = (title: string, base: Path): FieldGroup => ({
  key: base.join('.'),
  title,
  fields: [
    { path: [...base, 'lowercase'], label: 'Lower case', kind: 'check' },
    {
      path: [...base, 'unicode'],
      label: 'Same letters, typed otherwise',
      ...choice(
        ['nfc', 'one word (NFC)'],
        ['nfkc', 'also ligatures and full-width forms (NFKC)'],
        ['none', 'different words'],
      ),
    },
    {
      path: [...base, 'stopwords'],
      label: 'Stop words',
      kind: 'text',
      placeholder: 'none',
      hint: 'none, or a language: en, de, fr…',
    },
    { path: [...base, 'urls'], label: 'URLs', ...keepOrDrop },
    { path: [...base, 'numbers'], label: 'Numbers', ...choice(['zero', 'digits become 0'], ['keep', 'keep']) },
    { path: [...base, 'mentions'], label: '@mentions', ...keepOrDrop, hint: 'They tell friends, not dialect' },
    {
      path: [...base, 'hashtags'],
      label: '#hashtags',
      ...choice(['keep', 'keep'], ['word', 'as a word'], ['drop', 'drop']),
    },
    {
      path: [...base, 'placeNames'],
      label: 'Place names',
      ...choice(['keep', 'keep'], ['mask', 'mask']),
      hint: 'They tell places, not dialect',
    },
    { path: [...base, 'minFrequency'], label: 'Least frequency', ...whole(1) },
    {
      path: [...base, 'replacementTokens'],
      label: 'Rare words',
      ...choice(
        ['none', 'drop'],
        ['naive', 'place tokens, as in the paper'],
        ['leave-one-out', 'place tokens, leave-one-out'],
      ),
    },
    { path: [...base, 'maxWords'], label: 'Words a document', ...whole(1), hint: 'At most' },
    {
      path: [...base, 'maxVocabulary'],
      label: 'Vocabulary',
      ...whole(1),
      hint: 'At most, by information gain ratio',
    },
  ],
})

function labelGroup(name: string, { method }: Experiment['labels'][string]): FieldGroup {
  return {
    key: `labels.${name}`,
    title: `Labels ${name}`,
    note: labelDescriptions[method].title,
    removable: ['labels', name],
    name,
    fields: labelFields[method]((key) => ['labels', name, key]),
  }
}

function embeddingGroup({ method }: Experiment['embeddings']): FieldGroup {
  const at = (key: string): Path => ['embeddings', key]
  const methods: Field = {
    path: at('method'),
    label: 'From',
    ...choice(['skip-gram', 'skip-gram on this corpus'], ['random', 'random vectors'], ['file', 'a word2vec file']),
  }
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

function kindOf(settings: Experiment['models'][string], tasks: readonly string[]): string {
  if (settings.method === 'ensemble') return `mean of ${settings.ensemble.join(', ')}`
  return tasks.length === 1 ? 'STL' : 'joint' in settings && settings.joint === false ? 'a network for each' : 'MTL'
}

function modelGroup(name: string, settings: Experiment['models'][string]): FieldGroup {
  const tasks = tasksOf(settings)
  return {
    key: `models.${name}`,
    title: `Model ${name}`,
    note: `${describeModel(settings).title}, ${kindOf(settings, tasks)}: ${tasks.join(' and ')}`,
    removable: ['models', name],
    name,
    fields: fieldsOfModel(settings, (key) => ['models', name, key]),
  }
}

const evaluation: FieldGroup = {
  key: 'evaluation',
  title: 'Evaluation',
  fields: [
    {
      path: ['evaluation', 'resamples'],
      label: 'Bootstrap samples',
      kind: 'number',
      min: 100,
      max: 1_000_000,
      step: 100,
    },
    {
      path: ['evaluation', 'unit'],
      label: 'Drawn by',
      ...choice(
        ['', 'author where there is one, else place'],
        ['author', 'author'],
        ['place', 'place'],
        ['document', 'document'],
      ),
    },
  ],
}

/** The groups of the form, in the order of a study; label schemes and models as the experiment has them. */
export function fieldGroups(experiment: Experiment): FieldGroup[] {
  return [
    ...textGroups(experiment),
    ...Object.entries(experiment.labels).map(([name, settings]) => labelGroup(name, settings)),
    embeddingGroup(experiment.embeddings),
    ...Object.entries(experiment.models).map(([name, settings]) => modelGroup(name, settings)),
    evaluation,
  ]
}
