import type { ColumnNames } from './experiment.ts'
import type { SourceReading } from './reading.ts'

/** Shapes of a corpus: what an import took files for, what it took in and what not. */

export type Fold = 'train' | 'dev' | 'test'
export const folds: readonly Fold[] = ['train', 'dev', 'test']

export interface CorpusSummary {
  id: string
  name: string
  synthetic: boolean
  documents: Record<Fold, number>
  authors: number | null
  places: number
  rejected: number
  /** How many rejected rows have each reason. */
  rejectedByReason: Record<string, number>
  format: string
  encoding: string
  splitBy: 'author' | 'place' | 'document' | 'files' | 'column' | 'none'
  /** Share of test documents whose rounded coordinate (4 decimals) occurs in training. */
  testPlacesSeen: number | null
  /** Authors with documents in training and in development or test. */
  authorsAcrossFolds: number
  /** Documents whose text an earlier one has; those of them whose earlier one is in another fold; those left out for it. */
  duplicateDocuments: number
  duplicatesAcrossFolds: number
  duplicatesDropped: number
  /** Rows that the corpus's filter left out. */
  filtered: number
  /** Columns of the source beside text, place and author, such as age: they filter and slice. */
  furtherColumns: string[]
  warnings: string[]
}

export type ColumnRole =
  | 'text'
  | 'latitude'
  | 'longitude'
  | 'point'
  | 'author'
  | 'fold'
  | 'answer'
  | 'question'
  | 'response'
  | 'further'
  | 'personal'
  | 'unused'

export interface ColumnReading {
  name: string
  role: ColumnRole
  /** A value of it, short; empty for personal columns. */
  sample: string
}

/** A sentence on what a file was taken for; `about` says what to correct where it is wrong. */
export interface ReadingSentence {
  about:
    | 'format'
    | 'encoding'
    | 'quote'
    | 'header'
    | 'place'
    | 'text'
    | 'answers'
    | 'author'
    | 'fold'
    | 'further'
    | 'personal'
    | 'rows'
  text: string
}

/** What an import took a file for. */
export interface ImportReading extends SourceReading {
  fold: Fold
  columns: ColumnReading[]
  /** The columns that play a role, as the experiment file names them. */
  chosen: ColumnNames
  rows: {
    taken: number
    filtered: number
    /** By falling number, with what is wrong with one of them. */
    rejected: { reason: string; rows: number; example: string }[]
    /** Whether the whole file was read, or its first rows. */
    complete: boolean
  }
  sentences: ReadingSentence[]
}

/** What is in a further column. */
export interface ColumnValues {
  /** The most frequent first; at most 500. */
  values: { value: string; documents: number }[]
  distinct: number
  /** Documents without a value. */
  missing: number
  /** Where all values are numbers, and not all the same; the median is that of the documents. */
  numbers: { min: number; max: number; median: number } | null
}

/** A row that was not taken in. */
export interface RejectedRow {
  file: string
  line: number
  reason: string
  explanation: string
  /** How it begins. */
  raw: string
}

export interface ImportPreview {
  format: string
  encoding: string
  columns: string[]
  guessed: ColumnNames
  /** The first ones, to be shown. */
  rows: { lat: number | null; lon: number | null; author: string | null; text: string; problem: string | null }[]
  /** It is the sample generator's work. */
  synthetic: boolean
  /** How many rows were read for the map: at most 1,000. */
  rowsRead: number
  /** Of those with usable coordinates: lon,lat degrees interleaved. */
  lonLat: Float32Array
  warnings: string[]
  /** What each file was taken for, by its first rows. */
  readings: ImportReading[]
}
