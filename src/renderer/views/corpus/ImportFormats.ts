import type { CorpusFormat } from '#protocol/experiment.ts'

/** The forms in which a corpus comes, as a person knows them. */
export const corpusFormat: Record<CorpusFormat, string> = {
  'user-info': 'user-info text (author, lat, lon, text)',
  'lat-lon-text': 'lat-lon-text',
  csv: 'CSV',
  tsv: 'TSV',
  jsonl: 'JSON Lines',
  json: 'JSON (an array, or objects over several lines)',
  geojson: 'GeoJSON',
  xlsx: 'Excel workbook',
  ods: 'OpenDocument spreadsheet',
  parquet: 'Parquet',
}

/** What stands between the fields of a table, and how it is called in the settings. */
export const delimiters: Record<string, string> = {
  '\t': 'tab',
  ',': 'comma',
  ';': 'semicolon',
  '|': 'pipe',
  ' ': 'space',
}

export const quotes: Record<string, string> = {
  '"': 'fields may stand in "',
  "'": "fields may stand in '",
  none: 'quotes are letters',
}

/** Names of the WHATWG's encoding standard, the common ones, and code pages of DOS. */
export const encodings = [
  'utf-8',
  'utf-16le',
  'utf-16be',
  ...['1250', '1251', '1252', '1253', '1254', '1255', '1256', '1257', '1258'].map((page) => `windows-${page}`),
  'iso-8859-2',
  'iso-8859-5',
  'iso-8859-15',
  'koi8-r',
  'koi8-u',
  'macintosh',
  ...['437', '737', '775', '850', '852', '855', '857', '858', '860', '863', '865', '866'].map((page) => `ibm${page}`),
  'shift_jis',
  'euc-jp',
  'gb18030',
  'big5',
  'euc-kr',
]
