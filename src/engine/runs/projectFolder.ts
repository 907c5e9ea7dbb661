import { mkdir, readdir, readFile, stat } from 'node:fs/promises'
import { basename, dirname, isAbsolute, join, relative, resolve } from 'node:path'
import { z } from 'zod'
import { EngineError } from '#protocol/errors.ts'
import { writeFileAtomically } from '#engine/files/atomicFile.ts'
import { assertInside } from '#engine/files/containment.ts'
import { writeNewFile } from '#engine/files/newFile.ts'

/** Raised when a project written by this version cannot be read by an older one. */
export const projectFormatVersion = 1

const projectFile = z.object({
  format: z.literal('isogloss-project'),
  formatVersion: z.number().int(),
  name: z.string(),
  lastExperiment: z.string().nullable(),
  /** The experiment whose job has begun and not ended. */
  unfinished: z.string().nullable(),
})
export type ProjectFile = z.infer<typeof projectFile>

export async function createProject(directory: string, name?: string): Promise<ProjectFile> {
  const place = resolve(directory)
  const there = await readdir(place).catch(() => [] as string[])
  if (there.includes('project.json')) return openProject(place)
  const others = there.filter((name) => !inTheMaking.test(name)).length
  if (others > 0) {
    throw new EngineError(
      'project/folder-not-empty',
      `${place} holds ${others} other files and no project.json. Choose an empty or a new folder.`,
    )
  }
  await mkdir(place, { recursive: true })
  const project: ProjectFile = {
    format: 'isogloss-project',
    formatVersion: projectFormatVersion,
    name: name ?? basename(place),
    lastExperiment: null,
    unfinished: null,
  }
  try {
    await writeNewFile(join(place, 'project.json'), (file) => file.writeFile(contentOf(project)))
  } catch (error) {
    // Another program that was started at the same moment has made it.
    if (error instanceof EngineError && error.code === 'export/exists') return openProject(place)
    throw error
  }
  return project
}

/** What another program that makes the project is writing, or one that was killed has left. */
const inTheMaking = /^project\.json\.[0-9a-f]+\.tmp$/

const contentOf = (project: ProjectFile) => `${JSON.stringify(project, null, 2)}\n`

/**
 * @throws EngineError 'project/not-found', 'project/newer-version' or 'project/damaged'; nothing is written
 */
export async function openProject(directory: string): Promise<ProjectFile> {
  const path = join(directory, 'project.json')
  const text = await readFile(path, 'utf8').catch((cause: unknown) => {
    throw new EngineError(
      'project/not-found',
      `There is no project.json in ${directory}. Choose a folder that Isogloss made, or create a project there.`,
      {},
      { cause },
    )
  })
  let parsed: unknown
  try {
    parsed = JSON.parse(text)
  } catch {
    parsed = null
  }
  const version = (parsed as { formatVersion?: unknown } | null)?.formatVersion
  if (typeof version === 'number' && version > projectFormatVersion) {
    throw new EngineError(
      'project/newer-version',
      `${directory} has project format ${version}; this Isogloss reads up to ${projectFormatVersion}. Open it with a newer Isogloss; nothing was changed.`,
      { found: version, expected: projectFormatVersion },
    )
  }
  const project = projectFile.safeParse(parsed)
  if (!project.success) {
    throw new EngineError(
      'project/damaged',
      `${path} ${parsed === null ? 'is not JSON' : `does not describe a project (${project.error.issues.map((issue) => issue.path.join('.')).join(', ')})`}. Restore it from a copy; the artefacts beside it are untouched.`,
    )
  }
  return project.data
}

export async function writeProject(directory: string, project: ProjectFile): Promise<void> {
  await writeInProject(directory, join(directory, 'project.json'), contentOf(project))
}

/**
 * Writes a small file of a project, whole or not at all, and its folder where that is missing.
 * @throws EngineError 'project/outside' where a link leads out of the project
 */
export async function writeInProject(directory: string, path: string, content: string): Promise<void> {
  await assertInside(directory, path)
  await mkdir(dirname(path), { recursive: true })
  await writeFileAtomically(path, content)
}

/** Opens the project of a folder, making it where the folder is new or empty. */
export async function openOrCreateProject(directory: string): Promise<ProjectFile> {
  const exists = await stat(join(directory, 'project.json')).then(
    () => true,
    () => false,
  )
  return exists ? openProject(directory) : createProject(directory)
}

/** A file of the project is named relative to `base`, so that the project can be moved; another one keeps its absolute path. */
export function portablePath(project: string, file: string, base = project): string {
  const local = relative(project, file)
  return local.startsWith('..') || isAbsolute(local) ? file : relative(base, file)
}
