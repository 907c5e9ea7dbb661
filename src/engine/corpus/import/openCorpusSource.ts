import type { ColumnNames, CorpusSettings } from '#protocol/experiment.ts'
import { openRowSource } from './form/openRowSource.ts'
import type { OpenedSource, ReadingOptions } from './form/reading.ts'
import { cldfSource, isCldf } from './survey/cldf.ts'
import { headerRows } from './survey/headerRows.ts'
import { secondHeader } from './survey/secondHeader.ts'
import { withoutFirstRows } from './survey/mappedSource.ts'
import { withSites, type Sites } from './survey/sites.ts'

export type ReadingSettings = Pick<CorpusSettings, 'format' | 'encoding' | 'delimiter' | 'quote' | 'header' | 'sheet'>

const delimiters: Record<string, string> = { tab: '\t', '\\t': '\t', comma: ',', semicolon: ';', pipe: '|', space: ' ' }

export const readingOptions = ({
  format,
  encoding,
  delimiter,
  quote,
  header,
  sheet,
}: ReadingSettings): ReadingOptions => ({
  format,
  encoding,
  delimiter: delimiter === undefined ? undefined : (delimiters[delimiter.toLowerCase()] ?? delimiter),
  quote,
  header,
  sheet,
})

export interface CorpusSource {
  source: OpenedSource
  /** Columns whose roles the source itself says. */
  columns: ColumnNames
  /** What is to be told of how files were put together. */
  notes: string[]
}

/**
 * Opens a file of a corpus: a table of rows, a CLDF dataset, or a table whose sites another file places. Header rows beyond
 * the first are left out.
 */
export async function openCorpusSource(
  path: string,
  settings: ReadingSettings,
  sites: { path: string; sites: Sites } | null,
  readBytes?: (bytes: number) => void,
): Promise<CorpusSource> {
  if (settings.format === undefined && (await isCldf(path))) return cldfSource(path, readBytes)
  const opened = await openRowSource(path, readingOptions(settings), readBytes)
  const names = secondHeader(opened.columns, opened.sample)
  const skipped = names ? 1 : headerRows(opened.sample)
  const source = { ...withoutFirstRows(opened, skipped), columns: names ?? opened.columns }
  if (skipped > 0) source.reading.rowsSkipped.push({ reason: 'further header', count: skipped })
  if (!sites) return { source, columns: {}, notes: [] }
  const { source: placed, lat, lon, note } = withSites(source, sites.sites, sites.path)
  return { source: placed, columns: { lat, lon }, notes: [note] }
}
