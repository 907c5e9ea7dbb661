import type { Feature, FeatureCollection, LineString, MultiLineString, MultiPolygon } from 'geojson'
import { z } from 'zod'
import { weightsRule, type StatsAnswer } from './areaStatistics.ts'
import type { GeographyReport } from './geographyReport.ts'
import type { DifferenceAnswer } from './groupDifference.ts'
import type { PatternsAnswer } from './patterns.ts'
import type { SiteColumns } from './siteColumns.ts'
import { variableName } from './variables.ts'

/** A condition on a further column: one of several values, or a range of numbers with both ends in it. */
export const condition = z
  .strictObject({
    column: z.string(),
    values: z.array(z.string()).min(1).optional(),
    min: z.number().optional(),
    max: z.number().optional(),
  })
  .refine(
    ({ values, min, max }) => (values === undefined) !== (min === undefined && max === undefined),
    'needs values, or min and max',
  )
export type Condition = z.infer<typeof condition>

/** What every question about the words of a corpus may say. */
const asked = {
  /** Id or name of a corpus; left out where the project has one. */
  corpus: z.string().optional(),
  /** All of these must hold of a document. */
  where: z.array(condition).default([]),
}
const pattern = z.string().min(1)
/** Patterns, or a variable of the project in their stead. */
const variants = {
  variants: z.array(pattern).max(20).default([]),
  variable: variableName.optional(),
}
const cells = z.number().int().min(40).max(1000).default(200)
/** A file of areas of one's own: what is shown is cut to them. */
const clip = z.string().optional()
const measure = z.enum(['share', 'rate']).default('share')

/** Where a pattern stands, in its context. */
const kwicQuestion = z.strictObject({
  kind: z.literal('kwic'),
  ...asked,
  pattern,
  /** Words on either side. */
  context: z.number().int().min(0).max(100).default(8),
  /** Lines that are listed; all hits are counted. */
  limit: z.number().int().min(0).max(20_000).default(1000),
  /** By the words on the left, nearest first, by those on the right, or from south to north. */
  sort: z.enum(['left', 'right', 'place']).default('place'),
})

/** Where variants are used: one against everybody, several against each other. */
const mapQuestion = z.strictObject({
  kind: z.literal('map'),
  ...asked,
  measure,
  ...variants,
  /** Along the longer side of the surface. */
  cells,
  /** Of the kernel; left out, chosen by leaving sites out. */
  bandwidthKm: z.number().positive().max(20_000).optional(),
  clip,
})

/** Where two groups of informants differ, by the share of the first variant. */
const differenceQuestion = z.strictObject({
  kind: z.literal('difference'),
  ...asked,
  measure,
  ...variants,
  /** What tells either group, beside the conditions that hold for both. */
  groups: z.tuple([z.array(condition).min(1), z.array(condition).min(1)]),
  cells,
  /** Of the kernel of both; left out, chosen by leaving sites out. */
  bandwidthKm: z.number().positive().max(20_000).optional(),
  /** Of the intervals. */
  level: z.number().min(0.5).max(0.99).default(0.95),
  clip,
  seed: z.number().int().min(0).default(1),
})

/** Where one variant gives way to another. */
const lineQuestion = z.strictObject({
  kind: z.literal('line'),
  ...asked,
  measure,
  ...variants,
  cells,
  /** Of the bands. */
  level: z.number().min(0.5).max(0.99).default(0.9),
  /** The share of the first variant along the line. */
  at: z.number().min(0.01).max(0.99).default(0.5),
  clip,
  seed: z.number().int().min(0).default(1),
})

/** Where several lines run together: the expected number of isoglosses. */
const bundleQuestion = z.strictObject({
  kind: z.literal('bundle'),
  ...asked,
  measure,
  /** Each of two variants. */
  questions: z.array(z.strictObject(variants)).min(2).max(200),
  cells: z.number().int().min(40).max(300).default(120),
  clip,
  seed: z.number().int().min(0).default(1),
})

/** Which words are regional. */
const wordsQuestion = z.strictObject({
  kind: z.literal('words'),
  ...asked,
  /** What is counted: whole words, or their last or first letters (two to five). */
  units: z.enum(['words', 'endings', 'beginnings']).default('words'),
  minInformants: z.number().int().min(5).default(20),
  /** Words with a greater q are left out; 1 lists all that were tested. */
  maxQ: z.number().min(0).max(1).default(0.1),
  /** How many are listed; 0 lists all. */
  top: z.number().int().min(0).default(200),
  /** What is hidden otherwise. */
  include: z.array(z.enum(['mentions', 'hashtags', 'names'])).default([]),
  seed: z.number().int().min(0).default(1),
})

/** What the maps of many words, or of variables, have in common. */
const patternsQuestion = z.strictObject({
  kind: z.literal('patterns'),
  ...asked,
  /** Variables, two variants or more each; left out, the regional words. */
  questions: z.array(z.strictObject(variants)).min(3).max(500).optional(),
  minInformants: z.number().int().min(5).default(20),
  maxQ: z.number().min(0).max(1).default(0.1),
  /** Words that are taken, those of the greatest effect. */
  top: z.number().int().min(3).max(1000).default(200),
  include: z.array(z.enum(['mentions', 'hashtags', 'names'])).default([]),
  /** Left out, as many as coordinates dealt anew leave standing, six at most. */
  factors: z.number().int().min(1).max(20).optional(),
  /** Groups of places by their scores; left out, one more than factors. */
  regions: z.number().int().min(2).max(30).optional(),
  /** Of the local scores; left out, an eighth of the median distance between informants. */
  bandwidthKm: z.number().positive().max(20_000).optional(),
  cells: z.number().int().min(40).max(300).default(120),
  seed: z.number().int().min(0).default(1),
})

/** Areas to count in: the territories of an experiment's labels, hexagons, or a file of one's own areas. */
const areasOfStats = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('labels'), labels: z.string(), experiment: z.string().optional() }),
  z.strictObject({ kind: z.literal('hexagons'), km: z.number().min(1).max(2000) }),
  z.strictObject({ kind: z.literal('file'), file: z.string() }),
])

const ruleAndSeed = {
  weights: weightsRule.default({ kind: 'knn', neighbours: 5 }),
  seed: z.number().int().min(0).default(1),
}

/** Spatial statistics of a variant's rate over areas. */
const statsQuestion = z.strictObject({
  kind: z.literal('stats'),
  ...asked,
  ...variants,
  areas: areasOfStats,
  ...ruleAndSeed,
})

/** The same of areas and counts of one's own: no corpus is asked. */
const ratesQuestion = z.strictObject({
  kind: z.literal('rates'),
  corpus: z.string().optional(),
  /** A table or GeoJSON of areas. */
  file: z.string(),
  /** The column of users; left out, the one that is called so. */
  users: z.string().optional(),
  ...ruleAndSeed,
})

/** Lon,lat degrees. */
const corner = z.tuple([z.number().min(-540).max(540), z.number().min(-90).max(90)])

/** What makes a selection sound like itself. */
const typicalQuestion = z.strictObject({
  kind: z.literal('typical'),
  ...asked,
  /** Documents that meet conditions, the territory of a label (its number or name), all areas of a file, or a shape by its outline. */
  select: z.discriminatedUnion('kind', [
    z.strictObject({ kind: z.literal('where'), where: z.array(condition).min(1) }),
    z.strictObject({
      kind: z.literal('label'),
      labels: z.string(),
      label: z.string(),
      experiment: z.string().optional(),
    }),
    z.strictObject({ kind: z.literal('file'), file: z.string() }),
    z.strictObject({ kind: z.literal('shape'), ring: z.array(corner).min(3).max(10_000) }),
  ]),
  /** A finished run over these labels: what it learnt of the label is told beside. */
  run: z.string().optional(),
  minInformants: z.number().int().min(1).default(5),
  top: z.number().int().min(0).default(200),
  include: z.array(z.enum(['mentions', 'hashtags', 'names'])).default([]),
  seed: z.number().int().min(0).default(1),
})

export const question = z.discriminatedUnion('kind', [
  kwicQuestion,
  mapQuestion,
  differenceQuestion,
  lineQuestion,
  bundleQuestion,
  wordsQuestion,
  patternsQuestion,
  statsQuestion,
  ratesQuestion,
  typicalQuestion,
])
export type Question = z.infer<typeof question>

/** Files of the person's that a question names. */
export function filesOfQuestion(asked: Question): string[] {
  switch (asked.kind) {
    case 'map':
    case 'difference':
    case 'line':
    case 'bundle':
      return asked.clip === undefined ? [] : [asked.clip]
    case 'rates':
      return [asked.file]
    case 'stats':
      return asked.areas.kind === 'file' ? [asked.areas.file] : []
    case 'typical':
      return asked.select.kind === 'file' ? [asked.select.file] : []
    default:
      return []
  }
}
export type QuestionInput = z.input<typeof question>
export type QuestionKind = Question['kind']
export type QuestionOf<Kind extends QuestionKind> = Extract<Question, { kind: Kind }>

export interface KwicLine {
  /** Of documents.parquet. */
  row: number
  author: string | null
  lat: number
  lon: number
  left: string
  hit: string
  right: string
  /** Of the hit in the stored text, UTF-16. */
  start: number
  end: number
  /** The stored text's hash: with the span it names the hit in a variable. */
  document: string
  columns: Record<string, string>
}
export interface KwicAnswer {
  hits: number
  informants: number
  lines: KwicLine[]
}

export interface VariantTotal {
  variant: string
  informants: number
  occurrences: number
}

export interface MapAnswer {
  informants: number
  sites: number
  perVariant: VariantTotal[]
  /** Null below 15 sites. */
  test: GeographyReport | null
  bandwidthKm: number
  /** The criterion by bandwidth; empty where the bandwidth was given. */
  criterion: { bandwidthKm: number; logLikelihood: number }[]
  /** Of the first variant: areas where its share (rate: per thousand words) is at least `share`, with what is not shown left out. */
  surface: FeatureCollection<MultiPolygon, { variant: string; share: number }>
  /** Where at least ten informants' worth of evidence speaks. */
  support: Feature<MultiPolygon>
  points: SiteColumns
}

export interface LineAnswer {
  informants: number
  sites: number
  perVariant: VariantTotal[]
  test: GeographyReport | null
  /** Of two variants one line; of more the borders between areas in which one leads, each with the pair that it parts. */
  line: FeatureCollection<LineString | MultiLineString, { variants: string[] }> | null
  /** Of three variants and more where each leads; null of two. */
  areas: FeatureCollection<MultiPolygon, { variant: string }> | null
  pointwiseBand: Feature<MultiPolygon> | null
  simultaneousBand: Feature<MultiPolygon> | null
  level: number
  support: Feature<MultiPolygon>
  /** Kilometres for the middle 80 % of the change: the upper 90 % bound, and the shares far from the line. */
  transitionWidthKm: { atMost: number | null; plateaus: [number, number] } | null
  /** Labov, Ash and Boberg 2006; of the first variant on its side of the line. Null for more than two variants. */
  homogeneity: number | null
  consistency: number | null
  leakage: number | null
  /** Why there is no line. */
  reason: string | null
}

export interface BundleAnswer {
  /** In the order of the questions. */
  lines: {
    variants: string[]
    informants: number
    p: number | null
    line: Feature<MultiLineString> | null
    /** Why there is none; it counts for nothing then. */
    reason: string | null
  }[]
  /** A cell's side. */
  cellKm: number
  /** The greatest expected number of a cell. */
  greatest: number
  /** Areas of cells that are crossed by at least `count` isoglosses on average over the draws. */
  expected: FeatureCollection<MultiPolygon, { count: number }>
  support: Feature<MultiPolygon>
}

export interface RegionalWord {
  word: string
  kind: 'word' | 'mention' | 'hashtag' | 'name' | 'ending' | 'beginning'
  informants: number
  sites: number
  /** How much more alike neighbours are than chance has them, in squared standardised units, and its lower 95 % bound. */
  size: number
  sizeAtLeast: number
  p: number
  q: number
  /** Of the test by sites; null where the word is not listed or lies at too few sites. */
  pSites: number | null
  /** Under five sites, or half of its users at one. */
  fewSites: boolean
  home: { lat: number; lon: number; city: string | null }
  ratioAtHome: { value: number; interval: [number, number] }
}
export interface WordsAnswer {
  informants: number
  /** Words that were tested. */
  tested: number
  words: RegionalWord[]
}

export interface TypicalWord {
  word: string
  kind: 'word' | 'mention' | 'hashtag' | 'name'
  /** Of the log-odds ratio of use inside against outside, with an informative prior (Monroe et al. 2008). */
  z: number
  /** Informants who use it. */
  inside: number
  outside: number
  /** What a run learnt: how much the word adds to the label's log-odds, mean over test documents that hold it, with its 95 % interval. */
  effect: number | null
  interval: [number, number] | null
  /** Test documents that the effect is of. */
  documents: number | null
}
export interface TypicalAnswer {
  /** Of the selection, in words. */
  selected: string
  /** Outlines of the selected areas in which informants are, lon,lat degrees; null where conditions select. */
  shape: MultiPolygon | null
  informants: { inside: number; outside: number }
  /** Test documents that were asked of the run; null without one. */
  explained: number | null
  words: TypicalWord[]
}

export interface Answers {
  kwic: KwicAnswer
  map: MapAnswer
  difference: DifferenceAnswer
  line: LineAnswer
  bundle: BundleAnswer
  words: WordsAnswer
  patterns: PatternsAnswer
  stats: StatsAnswer
  rates: StatsAnswer
  typical: TypicalAnswer
}
export type Answer = Answers[QuestionKind]
