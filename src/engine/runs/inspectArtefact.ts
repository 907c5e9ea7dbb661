import { stat } from 'node:fs/promises'
import { join } from 'node:path'
import type { z } from 'zod'
import { EngineError } from '#protocol/errors.ts'
import { corpusFile } from '#engine/corpus/corpusFile.ts'
import { readJson } from '#engine/files/artefactFile.ts'
import { labelSummaryFile } from '#engine/labels/labelSummaryFile.ts'
import { manifestFile, type ArtefactKind, type Manifest } from './manifest.ts'

/** What is wrong with a file of an artefact. */
export interface Problem {
  file: string
  reason: string
}

/** What lies at an artefact's place: a whole artefact, or a damaged one, `damaged` saying in words why. */
export type Inspection =
  | { damaged: null; problems: Problem[]; manifest: Manifest }
  | { damaged: string; problems: Problem[]; manifest: Manifest | null }

/** What a project shows of an artefact beside its manifest. */
const summaries: Partial<Record<ArtefactKind, [name: string, schema: z.ZodType]>> = {
  corpus: ['corpus.json', corpusFile],
  labels: ['summary.json', labelSummaryFile],
}

/** Looks at an artefact without reading more than its small files; null where there is nothing. */
export async function inspectArtefact(place: string, kind: ArtefactKind, id: string): Promise<Inspection | null> {
  const there = await stat(place).catch(() => null)
  if (!there) return null
  if (!there.isDirectory()) return damagedBy([{ file: '', reason: 'There is a file instead of a folder' }], null)
  const read = await checkedJson(place, 'manifest.json', manifestFile)
  if ('problem' in read) return damagedBy([read.problem], null)
  const manifest = read.value
  if (manifest.kind !== kind || manifest.id !== id) {
    return damagedBy([{ file: 'manifest.json', reason: `is that of ${manifest.kind} ${manifest.id}` }], null)
  }
  const problems: Problem[] = []
  for (const file of manifest.files) {
    const reason = await sizeProblem(place, file)
    if (reason !== null) problems.push({ file: file.path, reason })
  }
  const [name, schema] = summaries[kind] ?? []
  if (problems.length === 0 && name && schema) {
    const summary = await checkedJson(place, name, schema)
    if ('problem' in summary) problems.push(summary.problem)
  }
  return problems.length === 0 ? { damaged: null, problems, manifest } : damagedBy(problems, manifest)
}

function damagedBy(problems: Problem[], manifest: Manifest | null): Inspection {
  const { file, reason } = problems[0]!
  const more = problems.length > 1 ? `, and ${problems.length - 1} more` : ''
  return { damaged: `${file} ${reason}${more}`.trim(), problems, manifest }
}

/** What the size of a file tells against it, or null. */
async function sizeProblem(place: string, { path, bytes }: Manifest['files'][number]): Promise<string | null> {
  const found = await stat(join(place, path)).catch(() => null)
  if (!found) return 'is missing'
  if (!found.isFile()) return 'is no file'
  return found.size === bytes ? null : `has ${found.size} bytes, expected ${bytes}`
}

async function checkedJson<T>(
  place: string,
  file: string,
  schema: z.ZodType<T>,
): Promise<{ value: T } | { problem: Problem }> {
  try {
    return { value: await readJson(join(place, file), schema) }
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException
    const reason =
      error instanceof EngineError
        ? String(error.data?.['reason']).replace(/^it /, '')
        : code === 'ENOENT'
          ? 'is missing'
          : `cannot be read (${code ?? message})`
    return { problem: { file, reason } }
  }
}
