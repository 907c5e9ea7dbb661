import { z } from 'zod'
import { labelSettings } from './labels/labels.ts'
import { modelSettings } from './models/models.ts'
import { count, fraction, seed } from './numbers.ts'
import { presetName } from './presets.ts'

/**
 * The experiment file, as a researcher keeps it in version control. Every setting has a default that
 * works on a small corpus; unknown keys are refused (the reader in the engine names the nearest known one).
 */

export const corpusFormat = z.enum([
  'user-info',
  'lat-lon-text',
  'csv',
  'tsv',
  'jsonl',
  'json',
  'geojson',
  'xlsx',
  'ods',
  'parquet',
])
export type CorpusFormat = z.infer<typeof corpusFormat>

const patterns = z.union([z.string(), z.array(z.string()).min(1)])

/** Columns of a source by name, where they are not to be guessed. In patterns `*` stands for anything. */
export const columnNames = z.strictObject({
  text: z.string().optional(),
  lat: z.string().optional(),
  lon: z.string().optional(),
  /** One column that holds both coordinates, and their order where the values do not say it. */
  point: z.string().optional(),
  pointOrder: z.enum(['lat-lon', 'lon-lat']).optional(),
  author: z.string().optional(),
  /** A column that says train, dev or test. */
  fold: z.string().optional(),
  /** Survey, a row an informant: each matching column becomes a token `column=value`. */
  answers: patterns.optional(),
  /** Answers that are numbers and no codes: 0 is one, and none stands for "no answer". */
  numeric: patterns.optional(),
  /** Survey, a row an answer: each row becomes a token `question=response` of its author. */
  question: z.string().optional(),
  response: z.string().optional(),
})
export type ColumnNames = z.infer<typeof columnNames>

export const splitSettings = z.strictObject({
  dev: fraction.default(0.1),
  test: fraction.default(0.1),
  /** Left out: author where there is an author column, else place. */
  by: z.enum(['author', 'place', 'document']).optional(),
  seed: seed.default(1),
})
export type SplitSettings = z.infer<typeof splitSettings>

/** Folds as a column of the source says them; none is drawn. */
const splitByColumn = z.strictObject({ column: z.string() })

const scalar = z.union([z.string(), z.number(), z.boolean()])

/** Conditions on columns of the source, all of which a row must meet: a value, one of several, or a range of numbers. */
export const corpusFilter = z.record(
  z.string(),
  z.union([
    scalar,
    z.array(scalar).min(1),
    z
      .strictObject({ min: z.number().optional(), max: z.number().optional() })
      .refine(({ min, max }) => min !== undefined || max !== undefined, 'needs min or max'),
  ]),
)
export type CorpusFilter = z.infer<typeof corpusFilter>

const files = z.union([z.string().transform((file) => [file]), z.array(z.string()).min(1)])

export const corpusSettings = z.strictObject({
  train: files,
  dev: files.optional(),
  test: files.optional(),
  split: z.union([z.literal('none'), splitSettings, splitByColumn]).prefault({}),
  format: corpusFormat.optional(),
  /** A name of the WHATWG's encoding standard, such as windows-1251. */
  encoding: z.string().optional(),
  /** A character, or tab, comma, semicolon, pipe or space. */
  delimiter: z.string().min(1).optional(),
  /** The character round fields, or none: quotes are letters. */
  quote: z.string().min(1).optional(),
  /** Whether the first row holds the columns' names. */
  header: z.boolean().optional(),
  /** Of a workbook. */
  sheet: z.string().optional(),
  columns: columnNames.optional(),
  /** Values that stand for "no answer" in a survey; left out, they are guessed. */
  missing: z.array(scalar).optional(),
  /** What parts several answers in one cell of a survey, or none; left out, it is guessed. */
  answerSeparator: z.string().min(1).optional(),
  /** The reference system of coordinates that are no degrees, such as EPSG:2056. */
  crs: z.string().optional(),
  /** A table that gives the answers' codes their words: column, value, text. */
  codes: z.string().optional(),
  /** Where the sites of a table lie that has no coordinates: KML, KMZ, or a table of name, latitude and longitude. */
  sites: z.string().optional(),
  /** Whether IP addresses, e-mail addresses, names and telephone numbers are kept as further columns. */
  keepPersonal: z.boolean().optional(),
  /** Whether the table of rejected rows keeps how they begin. */
  keepRaw: z.boolean().optional(),
  coordinate: z.enum(['first', 'median']).default('first'),
  /** Of documents with the same text, in one fold or several, `drop` keeps the first: training before development before test. */
  duplicates: z.enum(['keep', 'drop']).default('keep'),
  filter: corpusFilter.optional(),
})
export type CorpusSettings = z.infer<typeof corpusSettings>

/** Every file that an import reads. */
export const filesOfCorpus = ({
  train,
  dev = [],
  test = [],
  codes,
  sites,
}: Pick<CorpusSettings, 'train' | 'dev' | 'test' | 'codes' | 'sites'>): string[] =>
  [...train, ...dev, ...test, codes, sites].filter((path) => path !== undefined)

/** How folds are to be drawn; null where they are not. */
export const drawnSplit = ({ split }: Pick<CorpusSettings, 'split'>): SplitSettings | null =>
  split === 'none' || 'column' in split ? null : split

/** Of an experiment, a label scheme, a model or a variant of the texts. */
export const settingName = z
  .string()
  .regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/, 'letters, digits, ".", "_" and "-", at most 64')

export const preprocessSettings = z.strictObject({
  /** The normal form of Unicode that words are made from; texts are stored as they are. */
  unicode: z.enum(['nfc', 'nfkc', 'none']).default('nfc'),
  lowercase: z.boolean().default(true),
  urls: z.enum(['drop', 'keep']).default('drop'),
  numbers: z.enum(['zero', 'keep']).default('zero'),
  /** A language code of the `stopword` lists, or none. */
  stopwords: z.string().default('none'),
  mentions: z.enum(['keep', 'drop']).default('keep'),
  hashtags: z.enum(['keep', 'word', 'drop']).default('keep'),
  placeNames: z.enum(['keep', 'mask']).default('keep'),
  minFrequency: count.default(5),
  replacementTokens: z.enum(['none', 'naive', 'leave-one-out']).default('none'),
  maxVocabulary: count.default(470_000),
  maxWords: count.default(800),
})
export type PreprocessSettings = z.infer<typeof preprocessSettings>

/** One of several ways in which an experiment has the same texts read, such as without mentions. */
export const preprocessVariant = z.strictObject({ name: settingName, ...preprocessSettings.shape })
export type PreprocessVariant = z.infer<typeof preprocessVariant>

export const skipGramSettings = z.strictObject({
  method: z.literal('skip-gram').default('skip-gram'),
  dimensions: count.max(2048).default(512),
  window: count.max(64).default(5),
  negatives: count.max(64).default(5),
  sample: z.number().min(0).default(1e-3),
  epochs: count.default(50),
  learningRate: z.number().positive().default(0.03),
  /** One repeats to the bit; several are faster and never do. */
  workers: count.max(64).default(1),
  seed: seed.default(1),
})
export type SkipGramSettings = z.infer<typeof skipGramSettings>

export const randomEmbeddingSettings = z.strictObject({
  method: z.literal('random'),
  dimensions: count.max(2048).default(512),
  seed: seed.default(1),
})

export const fileEmbeddingSettings = z.strictObject({
  method: z.literal('file'),
  file: z.string(),
})

export const embeddingSettings = z.discriminatedUnion('method', [
  skipGramSettings,
  randomEmbeddingSettings,
  fileEmbeddingSettings,
])
export type EmbeddingSettings = z.infer<typeof embeddingSettings>

export const matrixSettings = z.strictObject({
  /** Variants by name, where `preprocess` lists some. */
  preprocess: z.array(z.string()).min(1).optional(),
  labels: z.array(z.string()).min(1).optional(),
  models: z.array(z.string()).min(1).optional(),
  seeds: z.array(seed).min(1).default([1, 2, 3]),
})

/** Corpora on which others have published results. */
export const publishedCorpus = z.enum(['geotext', 'twitter-us', 'twitter-world'])
export type PublishedCorpus = z.infer<typeof publishedCorpus>

/** How sure predictions are: temperature, reliability and regions that hold the place at some level. */
export const uncertaintySettings = z.strictObject({
  levels: z.array(z.number().min(0.01).max(0.999)).min(1).default([0.5, 0.9]),
  /** What is kept together when the development fold is halved; left out: as the folds were drawn, else as `unit`. */
  by: z.enum(['author', 'place', 'document']).optional(),
  /** A threshold of its own for each label, so that regions hold their level within each label too: they are larger. */
  perLabel: z.boolean().default(false),
})
export type UncertaintySettings = z.infer<typeof uncertaintySettings>

export const evaluationSettings = z.strictObject({
  resamples: z.number().int().min(100).max(1_000_000).default(10_000),
  /** Left out: author where there is an author column, else place. */
  unit: z.enum(['author', 'place', 'document']).optional(),
  seed: seed.default(1),
  /** Which corpus this is, for tables that print published results beside ours. */
  published: publishedCorpus.optional(),
  /**
   * Pairs of conditions that the study is about; p is corrected over them alone. `standard`: labels against labels and
   * coordinates, scheme against scheme, each model against the first; `all`: every pair; or a list of pairs such as
   * [kd/stl, kd/mtl].
   */
  contrasts: z.union([z.enum(['standard', 'all']), z.array(z.tuple([z.string(), z.string()]))]).default('standard'),
  /** Left out, no document is kept from training for it. */
  uncertainty: uncertaintySettings.optional(),
})
export type EvaluationSettings = z.infer<typeof evaluationSettings>

export const experimentFile = z.strictObject({
  name: settingName,
  /** A system of a paper: texts, labels, vectors and models are its own where the file has no such section. */
  preset: presetName.optional(),
  corpus: corpusSettings,
  /** How texts are read; a list of variants multiplies the conditions whose models can tell them apart. */
  preprocess: z.union([preprocessSettings, z.array(preprocessVariant).min(1)]).prefault({}),
  labels: z.record(settingName, labelSettings).prefault({ kd: { method: 'kd-tree' }, p2c: { method: 'point2city' } }),
  embeddings: embeddingSettings.prefault({}),
  models: z.record(settingName, modelSettings).prefault({
    stl: { method: 'attention-cnn', tasks: ['labels'] },
    mtl: { method: 'attention-cnn', tasks: ['labels', 'coordinates'] },
  }),
  matrix: matrixSettings.prefault({}),
  evaluation: evaluationSettings.prefault({}),
})
/** An experiment with every default filled in. */
export type Experiment = z.infer<typeof experimentFile>
/** An experiment as a person writes it. */
export type ExperimentInput = z.input<typeof experimentFile>
