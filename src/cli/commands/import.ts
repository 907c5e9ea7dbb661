import { basename, join, resolve } from 'node:path'
import { corpusSettings, type CorpusFormat } from '#protocol/experiment.ts'
import type { CorpusSummary, RejectedRow } from '#protocol/results.ts'
import { printResult, type OutputOptions } from '../output.ts'
import { runJob } from '../runJob.ts'
import { withEngine } from '../withEngine.ts'

export interface ImportOptions extends OutputOptions {
  project: string
  format?: CorpusFormat
  text?: string
  lat?: string
  lon?: string
  author?: string
  answers?: string
  dev?: string[]
  test?: string[]
  split?: 'none'
  splitBy?: 'author' | 'place' | 'document'
  duplicates?: 'keep' | 'drop'
}

/** `import`: takes files into a project as a corpus and says what was accepted and what was not. */
export async function importFiles(files: string[], options: ImportOptions): Promise<void> {
  const { text, lat, lon, author, answers } = options
  const columns = { text, lat, lon, author, answers }
  const corpus = corpusSettings.parse({
    train: files.map((file) => resolve(file)),
    dev: options.dev?.map((file) => resolve(file)),
    test: options.test?.map((file) => resolve(file)),
    split: options.split === 'none' ? 'none' : { by: options.splitBy },
    format: options.format,
    duplicates: options.duplicates,
    ...(Object.values(columns).some(Boolean) ? { columns } : {}),
  })
  await withEngine(async (engine) => {
    const directory = resolve(options.project)
    const before = new Set((await engine.request('project.create', { directory })).corpora.map(({ id }) => id))
    let imported = ''
    engine.listen((event, payload) => {
      if (event === 'job.step') imported = (payload as { step: string }).step
    })
    await runJob(engine, () => engine.request('corpus.import', { corpus }))
    const { corpora } = await engine.request('project.view', {})
    const summary = corpora.find(({ id }) => id === imported)!
    const rejected = summary.rejected > 0 && !options.json ? await engine.request('corpus.rejected', { corpus: imported }) : []
    printResult(options, { corpus: summary, alreadyThere: before.has(imported) }, () => summaryText(summary, directory, rejected))
  })
}

/** Rejected rows that are named one by one. */
const namedRows = 5

function summaryText(summary: CorpusSummary, project: string, rows: RejectedRow[]): string {
  const { documents, rejected, rejectedByReason, filtered, furtherColumns, duplicateDocuments, duplicatesAcrossFolds, duplicatesDropped, warnings } = summary
  const lines = [
    `Corpus ${summary.id}: ${documents.train} training, ${documents.dev} development and ${documents.test} test documents, split by ${summary.splitBy}${summary.synthetic ? ' (synthetic)' : ''}`,
    `Format ${summary.format}, ${summary.encoding}; ${summary.places} places${summary.authors === null ? '' : `, ${summary.authors} authors`}`,
    `Rejected rows: ${rejected}${rejected > 0 ? `, with line and reason in ${join(project, 'corpora', summary.id, 'rejected.parquet')}` : ''}`,
    ...Object.entries(rejectedByReason).map(([reason, count]) => `  ${reason}: ${count}`),
    ...rows.slice(0, namedRows).map(({ file, line, explanation }) => `  such as line ${line} of ${basename(file)}: ${explanation}`),
    ...(furtherColumns.length ? [`Further columns, to filter and slice by: ${furtherColumns.join(', ')}`] : []),
    ...(filtered ? [`Rows that the filter left out: ${filtered}`] : []),
    ...(duplicateDocuments
      ? [`Documents with the same text as an earlier one: ${duplicateDocuments}, ${duplicatesAcrossFolds} of them as one of another fold${duplicatesDropped ? '; left out' : ''}`]
      : []),
    ...(summary.authorsAcrossFolds ? [`Authors in training and in another fold: ${summary.authorsAcrossFolds}`] : []),
    ...(summary.testPlacesSeen === null ? [] : [`Test documents at a place that training has: ${(100 * summary.testPlacesSeen).toFixed(1)} %`]),
    ...warnings.map((warning) => `Warning: ${warning}`),
  ]
  return lines.join('\n')
}
