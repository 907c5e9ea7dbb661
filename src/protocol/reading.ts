import { z } from 'zod'

/** What a corpus file was taken for: its container and encoding, and how its rows are written. Kept in the manifest. */
export const sourceReading = z.object({
  /** Base name. */
  file: z.string(),
  /** What it is packed in. */
  container: z.enum(['plain', 'gzip', 'zstd', 'zip', 'xlsx', 'ods', 'parquet']),
  /** As the WHATWG's encoding standard names it. */
  encoding: z.string(),
  /** user-info, lat-lon-text, csv, tsv, jsonl, json (an array, or objects over several lines), geojson, parquet, xlsx, ods. */
  format: z.string(),
  delimiter: z.string().nullable(),
  quote: z.string().nullable(),
  escape: z.enum(['doubled', 'backslash']).nullable(),
  /** Null where the format has no such thing. */
  header: z.boolean().nullable(),
  /** Lines that are no rows: comments, a title, Excel's "sep=". */
  rowsSkipped: z.array(z.object({ reason: z.string(), count: z.number() })),
  /** Of a workbook. */
  sheet: z.string().optional(),
  /** Sentences: what was guessed and is not sure, and how to overrule it. */
  notes: z.array(z.string()),
})
export type SourceReading = z.infer<typeof sourceReading>
