import { basename, join } from 'node:path'
import { corpusSettings } from '#protocol/experiment.ts'
import type { CorpusSummary, ImportReading, RejectedRow } from '#protocol/corpus.ts'
import { printResult, type OutputOptions } from '../output.ts'
import { runJob } from '../runJob.ts'
import { withEngine } from '../withEngine.ts'
import { corpusOptions, pathOf, type CorpusOptions } from './corpusOptions.ts'
import { readingSummary } from './preview.ts'

export interface ImportOptions extends OutputOptions, CorpusOptions {
  project: string
  dev?: string[]
  test?: string[]
  split?: 'none'
  splitBy?: 'author' | 'place' | 'document'
  duplicates?: 'keep' | 'drop'
  /** False by --no-raw. */
  raw?: boolean
}

/** `import`: takes files into a project as a corpus and says what was accepted and what was not. */
export async function importFiles(files: string[], options: ImportOptions): Promise<void> {
  const corpus = corpusSettings.parse({
    train: files.map(pathOf),
    dev: options.dev?.map(pathOf),
    test: options.test?.map(pathOf),
    // What a column leaves out is drawn only where it is said how.
    split:
      options.split === 'none'
        ? 'none'
        : options.fold !== undefined && options.splitBy === undefined
          ? { column: options.fold }
          : { by: options.splitBy },
    duplicates: options.duplicates,
    ...(options.raw === false ? { keepRaw: false } : {}),
    ...corpusOptions(options),
  })
  await withEngine(async (engine) => {
    const directory = pathOf(options.project)
    const before = new Set((await engine.request('project.create', { directory })).corpora.map(({ id }) => id))
    let imported = ''
    engine.listen((event, payload) => {
      if (event === 'job.step') imported = (payload as { step: string }).step
    })
    await runJob(engine, () => engine.request('corpus.import', { corpus }))
    const { corpora } = await engine.request('project.view', {})
    const summary = corpora.find(({ id }) => id === imported)!
    const rejected =
      summary.rejected > 0 && !options.json ? await engine.request('corpus.rejected', { corpus: imported }) : []
    const reading = await engine.request('corpus.reading', { corpus: imported })
    printResult(options, { corpus: summary, alreadyThere: before.has(imported), reading }, () =>
      summaryText(summary, directory, rejected, reading),
    )
  })
}

/** Rejected rows that are named one by one. */
const namedRows = 5

function summaryText(summary: CorpusSummary, project: string, rows: RejectedRow[], reading: ImportReading[]): string {
  const {
    documents,
    rejected,
    rejectedByReason,
    filtered,
    furtherColumns,
    duplicateDocuments,
    duplicatesAcrossFolds,
    duplicatesDropped,
    warnings,
  } = summary
  const lines = [
    `Corpus ${summary.id}: ${documents.train} training, ${documents.dev} development and ${documents.test} test documents, split by ${summary.splitBy}${summary.synthetic ? ' (synthetic)' : ''}`,
    `Format ${summary.format}, ${summary.encoding}; ${summary.places} places${summary.authors === null ? '' : `, ${summary.authors} authors`}`,
    ...readingSummary(reading),
    `Rejected rows: ${rejected}${rejected > 0 ? `, with line and reason in ${join(project, 'corpora', summary.id, 'rejected.parquet')}` : ''}`,
    ...Object.entries(rejectedByReason).map(([reason, count]) => `  ${reason}: ${count}`),
    ...rows
      .slice(0, namedRows)
      .map(({ file, line, explanation }) => `  such as line ${line} of ${basename(file)}: ${explanation}`),
    ...(furtherColumns.length ? [`Further columns, to filter and slice by: ${furtherColumns.join(', ')}`] : []),
    ...(filtered ? [`Rows that the filter left out: ${filtered}`] : []),
    ...(duplicateDocuments
      ? [
          `Documents with the same text as an earlier one: ${duplicateDocuments}, ${duplicatesAcrossFolds} of them as one of another fold${duplicatesDropped ? '; left out' : ''}`,
        ]
      : []),
    ...(summary.authorsAcrossFolds ? [`Authors in training and in another fold: ${summary.authorsAcrossFolds}`] : []),
    ...(summary.testPlacesSeen === null
      ? []
      : [`Test documents at a place that training has: ${(100 * summary.testPlacesSeen).toFixed(1)} %`]),
    ...warnings.map((warning) => `Warning: ${warning}`),
  ]
  return lines.join('\n')
}
