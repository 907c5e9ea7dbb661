import type { CorpusFormat } from '#protocol/experiment.ts'
import type { SourceReading } from '#protocol/reading.ts'
import type { RowTaker } from './rowTaker.ts'

/** What the user says of a file; the rest is found. */
export interface ReadingOptions {
  format?: CorpusFormat | undefined
  encoding?: string | undefined
  delimiter?: string | undefined
  /** 'none': quotes are letters. */
  quote?: string | undefined
  header?: boolean | undefined
  sheet?: string | undefined
}

/** A file that can be read row by row. */
export interface OpenedSource {
  /** Complete once all rows are read: `encoding`, `rowsSkipped` and `notes` may gain by what comes late in the file. */
  reading: SourceReading
  /** Distinct, none empty. Columns without a name are called "column 3", those of a table without a header "3". */
  columns: string[]
  /** The first rows as text, up to a thousand, to guess by. */
  sample: string[][]
  /** Gives all rows to `taker`, pausing now and then so that a cancel gets in. */
  read(taker: RowTaker): AsyncIterable<void>
}
