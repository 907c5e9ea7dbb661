import type { CorpusFormat } from '#protocol/experiment.ts'
import { parseDegrees } from './places/degrees.ts'
import { guessDelimiter } from './csvRows.ts'
import { firstLines, type TextFile } from './textFile.ts'

const byExtension: [RegExp, CorpusFormat][] = [
  [/\.csv(\.gz)?$/i, 'csv'],
  [/\.tsv(\.gz)?$/i, 'tsv'],
  [/\.(jsonl|ndjson)(\.gz)?$/i, 'jsonl'],
  [/\.(parquet|pq)$/i, 'parquet'],
]

export const formatByName = (path: string): CorpusFormat | null => byExtension.find(([pattern]) => pattern.test(path))?.[1] ?? null

/** The format that a file's first lines have. */
export async function guessFormat(file: TextFile): Promise<CorpusFormat> {
  const named = formatByName(file.path)
  if (named) return named
  const votes = new Map<CorpusFormat, number>()
  const lines = (await firstLines(file, 100)).filter((line) => line.trim() !== '').slice(0, 20)
  for (const text of lines) {
    const fields = text.split('\t')
    const isDegrees = (field: string | undefined) => field !== undefined && parseDegrees(field) !== null
    const guess: CorpusFormat = text.trimStart().startsWith('{')
      ? 'jsonl'
      : fields.length >= 4 && isDegrees(fields[1]) && isDegrees(fields[2])
        ? 'user-info'
        : fields.length >= 3 && isDegrees(fields[0]) && isDegrees(fields[1])
          ? 'lat-lon-text'
          : guessDelimiter(lines[0]!) === '\t'
            ? 'tsv'
            : 'csv'
    votes.set(guess, (votes.get(guess) ?? 0) + 1)
  }
  return [...votes].sort((a, b) => b[1] - a[1])[0]?.[0] ?? 'csv'
}
