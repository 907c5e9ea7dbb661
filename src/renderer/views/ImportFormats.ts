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
