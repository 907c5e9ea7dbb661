import { folds, type ImportPreview, type ImportReading } from '#protocol/corpus.ts'
import { printResult, textTable, type OutputOptions } from '../output.ts'
import { withEngine } from '../withEngine.ts'
import { corpusOptions, pathOf, type CorpusOptions } from './corpusOptions.ts'

export type PreviewOptions = OutputOptions & CorpusOptions

/** `preview`: what an import would take files for; nothing is written. */
export async function preview(files: string[], options: PreviewOptions): Promise<void> {
  await withEngine(async (engine) => {
    const found = await engine.request('corpus.preview', { files: files.map(pathOf), ...corpusOptions(options) })
    const { readings, warnings, rowsRead, synthetic } = found
    printResult(options, { files: readings, warnings, rowsRead, synthetic }, () => previewText(found))
  })
}

function previewText({ readings, warnings }: ImportPreview): string {
  const parts = readings.flatMap((reading) => [
    ...readingLines(reading),
    textTable([
      ['column', 'role', 'such as'],
      ...reading.columns.map(({ name, role, sample }) => [name, role, sample.replace(/\s+/g, ' ')]),
    ]),
    '',
  ])
  return [...parts, ...warnings.map((warning) => `Note: ${warning}`)].join('\n')
}

/** A file's name, and the sentences on it, short ones together. */
function readingLines({ file, sentences }: ImportReading): string[] {
  const form = sentences.filter(({ about }) => ['format', 'encoding', 'quote', 'header'].includes(about))
  const rows = sentences.filter(({ about }) => about === 'rows')
  return [
    file,
    `  ${form.map(({ text }) => text).join(' ')}`,
    ...rows.map(({ text }, i) => `  ${i > 0 ? '  ' : ''}${text}`),
  ]
}

/** The same for an import's summary: one paragraph for all files that were taken for the same. */
export function readingSummary(readings: ImportReading[]): string[] {
  const groups = new Map<string, string[]>()
  for (const { file, fold, sentences } of readings) {
    const text = sentences
      .filter(({ about }) => about !== 'rows')
      .map((sentence) => sentence.text)
      .join(' ')
    groups.set(text, [...(groups.get(text) ?? []), fold === folds[0] ? file : `${file} (${fold})`])
  }
  return [...groups].map(
    ([text, files]) =>
      `Taken for: ${files.slice(0, 5).join(', ')}${files.length > 5 ? ` and ${files.length - 5} more` : ''}: ${text}`,
  )
}
