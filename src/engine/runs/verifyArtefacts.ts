import { join, relative } from 'node:path'
import type { Verification } from '#protocol/project.ts'
import type { StageContext } from '#engine/context.ts'
import type { ArtefactStore } from './artefactStore.ts'
import { fileHash } from './contentId.ts'

/** Reads every file of every artefact of a project and holds its size and its sha256 against the manifest. */
export async function verifyArtefacts(
  project: string,
  store: ArtefactStore,
  context: StageContext,
): Promise<Verification> {
  const result: Verification = { artefacts: 0, files: 0, bytes: 0, damaged: [] }
  const artefacts = await store.list()
  const total = artefacts.reduce((sum, { bytes }) => sum + bytes, 0)
  let done = 0
  for (const { kind, id, title, bytes } of artefacts) {
    const place = store.place(kind, id)
    const inspected = await store.inspect(kind, id)
    if (!inspected) continue
    const { manifest } = inspected
    const problems = [...inspected.problems]
    const before = done
    const read = (piece: number) =>
      context.report({ done: (done += piece), total, unit: 'bytes', title: `Reading ${title}` })
    for (const { path, sha256 } of manifest?.files ?? []) {
      if (problems.some(({ file }) => file === path)) continue
      context.signal.throwIfAborted()
      const reason = await contentProblem(join(place, path), sha256, context.signal, read)
      if (reason !== null) problems.push({ file: path, reason })
    }
    done = before + bytes
    // Deleted meanwhile, which is no damage.
    if (problems.length > 0 && !(await store.inspect(kind, id))) continue
    result.artefacts++
    result.files += manifest?.files.length ?? 0
    result.bytes += bytes
    for (const { file, reason } of problems)
      result.damaged.push({ kind, id, file: join(relative(project, place), file), reason })
  }
  return result
}

async function contentProblem(
  path: string,
  expected: string,
  signal: AbortSignal,
  read: (bytes: number) => void,
): Promise<string | null> {
  try {
    return (await fileHash(path, signal, read)) === expected ? null : 'holds other bytes than were written (sha256)'
  } catch (error) {
    signal.throwIfAborted()
    return `cannot be read (${(error as NodeJS.ErrnoException).code ?? (error as Error).message})`
  }
}
