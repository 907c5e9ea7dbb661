import { mkdir, readdir, rename, rm, stat } from 'node:fs/promises'
import { dirname, join, relative, sep } from 'node:path'
import { EngineError } from '#protocol/errors.ts'
import type { ArtefactSummary } from '#protocol/project.ts'
import { syncDirectory, writeFileAtomically } from '#engine/files/atomicFile.ts'
import { syncTree } from '#engine/files/syncTree.ts'
import { assertInside } from '#engine/files/containment.ts'
import { fileHash } from './contentId.ts'
import { inspectArtefact } from './inspectArtefact.ts'
import { artefactId, artefactKinds, type ArtefactKind, type Manifest } from './manifest.ts'
import { asideName, bringBack, discard, isAside, isTemporary, setAside, temporaryName } from './setAside.ts'

/** Where the artefacts of a kind lie in a project. */
const folders: Record<ArtefactKind, string> = {
  corpus: 'corpora',
  vocabulary: 'vocabularies',
  tokens: 'tokens',
  labels: 'labels',
  embedding: 'embeddings',
  run: 'runs',
}

const lockEnding = '.lock'
/** A lock, or what a process that was killed while it took one left beside it. */
const isLock = (name: string) => name.includes(`${lockEnding}.`) || name.endsWith(lockEnding)

/**
 * The artefacts of a project folder: each appears whole, by a rename, or not at all. What a disk or another program damaged
 * since is told apart from what is there. What changes an artefact is for the holder of its lock (`withArtefactLock`) or of the
 * whole project's, a sweep of all of them for who is alone in the project.
 */
export function artefactStore(project: string) {
  const folder = (kind: ArtefactKind) => join(project, folders[kind])
  const place = (kind: ArtefactKind, id: string) => join(folder(kind), id)
  const checkpoint = (kind: ArtefactKind, id: string) => `${place(kind, id)}.checkpoint`
  const trash = join(project, 'trash')
  const thrownAway = (kind: ArtefactKind, id: string) => join(trash, `${kind}-${id}`)
  const inspect = (kind: ArtefactKind, id: string) => inspectArtefact(place(kind, id), kind, id)

  async function manifest(kind: ArtefactKind, id: string): Promise<Manifest> {
    const found = await inspect(kind, id)
    if (found?.damaged === null) return found.manifest
    throw found
      ? new EngineError(
          'artefact/damaged',
          `The ${kind} ${id} in ${project} is damaged: ${found.damaged}. Run its experiment: it is made again; or delete it.`,
          { kind, id, reason: found.damaged },
        )
      : new EngineError(
          'artefact/missing',
          `There is no ${kind} ${id} in ${project}. Run the experiment that makes it, or choose one that is listed.`,
          { kind, id },
        )
  }

  async function sweepFolder(kind: ArtefactKind, isOurs: (name: string) => boolean): Promise<void> {
    await assertInside(project, folder(kind))
    for (const name of (await readdir(folder(kind)).catch(() => [])).filter(isOurs)) {
      const path = join(folder(kind), name)
      if (isTemporary(name) || isLock(name)) await rm(path, { recursive: true, force: true })
      else if (isAside(name)) await bringBack(path)
    }
  }

  return {
    /** Its folder. */
    project,

    place,

    /** What lies at an artefact's place; null where there is nothing. */
    inspect,

    /** Whether the artefact is there and whole, as far as the sizes of its files tell. */
    has: async (kind: ArtefactKind, id: string) => (await inspect(kind, id))?.damaged === null,

    /** @throws EngineError 'artefact/missing', 'artefact/damaged' */
    manifest,

    /**
     * The folder of an artefact that is whole.
     * @throws EngineError 'artefact/missing', 'artefact/damaged'
     */
    async whole(kind: ArtefactKind, id: string): Promise<string> {
      await manifest(kind, id)
      return place(kind, id)
    },

    /** Where a stage keeps what a resumed one continues from; removed when the artefact is there. */
    checkpoint,

    hasCheckpoint: async (kind: ArtefactKind, id: string) =>
      (await readdir(checkpoint(kind, id)).catch(() => [])).length > 0,

    /**
     * Fills a temporary sibling by `fill`, writes the manifest, makes all of it durable and renames it into place. What is
     * in the way there is set aside before the stage begins, and comes back where the stage fails.
     * @throws EngineError 'project/outside' before anything is written
     */
    async create(
      head: Omit<Manifest, 'files' | 'createdAt' | 'wallMs'>,
      fill: (directory: string) => Promise<void>,
    ): Promise<void> {
      const { kind, id } = head
      const started = Date.now()
      await assertInside(project, folder(kind))
      await assertInside(project, checkpoint(kind, id))
      const isNew = await mkdir(folder(kind), { recursive: true })
      if (isNew) await syncDirectory(dirname(folder(kind)))
      const aside = await setAside(place(kind, id))
      const temporary = temporaryName(place(kind, id))
      try {
        await mkdir(temporary)
        await fill(temporary)
        const files = await describeFiles(temporary)
        await syncTree(temporary)
        const full: Manifest = {
          ...head,
          createdAt: new Date(started).toISOString(),
          wallMs: Date.now() - started,
          files,
        }
        await writeFileAtomically(join(temporary, 'manifest.json'), `${JSON.stringify(full, null, 2)}\n`)
        await rename(temporary, place(kind, id))
        await syncDirectory(folder(kind))
      } catch (error) {
        await rm(temporary, { recursive: true, force: true })
        if (aside) await bringBack(aside)
        throw error
      }
      if (aside) await discard(aside)
      await discard(checkpoint(kind, id))
    },

    /** Whole and damaged ones, kind by kind, in the order of their ids. */
    async list(): Promise<Omit<ArtefactSummary, 'experiments'>[]> {
      const found: Omit<ArtefactSummary, 'experiments'>[] = []
      for (const kind of artefactKinds) {
        for (const id of (await readdir(folder(kind)).catch(() => [])).sort()) {
          const inspected = artefactId.test(id) ? await inspect(kind, id) : null
          if (!inspected) continue
          const { manifest: held, damaged } = inspected
          found.push({
            kind,
            id,
            title: held?.title ?? `A ${kind} that cannot be told`,
            createdAt: held?.createdAt ?? (await stat(place(kind, id))).mtime.toISOString(),
            bytes:
              held && damaged === null
                ? held.files.reduce((sum, { bytes }) => sum + bytes, 0)
                : await sizeOf(place(kind, id)),
            damaged,
          })
        }
      }
      return found
    },

    /** Moves an artefact to the project's trash, where it stays until that is emptied; what was half made of it is removed. */
    async throwAway(kind: ArtefactKind, id: string): Promise<void> {
      await assertInside(project, folder(kind))
      await assertInside(project, trash)
      if (await inspect(kind, id)) {
        await mkdir(trash, { recursive: true })
        await discard(thrownAway(kind, id))
        await rename(place(kind, id), thrownAway(kind, id))
        await syncDirectory(trash)
      }
      await discard(place(kind, id))
      await discard(asideName(place(kind, id)))
      await discard(checkpoint(kind, id))
    },

    /**
     * Brings an artefact back from the trash, unless it was made again since.
     * @throws EngineError 'artefact/not-in-trash'
     */
    async restore(kind: ArtefactKind, id: string): Promise<void> {
      await assertInside(project, folder(kind))
      await assertInside(project, trash)
      if (await inspect(kind, id)) return
      if ((await stat(thrownAway(kind, id)).catch(() => null)) === null)
        throw new EngineError(
          'artefact/not-in-trash',
          `The ${kind} ${id} is not in the project's trash, which is emptied when the project is closed. Run its experiment: it is made again.`,
          { kind, id },
        )
      await mkdir(folder(kind), { recursive: true })
      await rename(thrownAway(kind, id), place(kind, id))
      await syncDirectory(folder(kind))
    },

    async emptyTrash(): Promise<void> {
      await assertInside(project, trash)
      await rm(trash, { recursive: true, force: true })
    },

    async remove(kind: ArtefactKind, id: string): Promise<void> {
      await assertInside(project, folder(kind))
      await discard(place(kind, id))
      await discard(asideName(place(kind, id)))
      await discard(checkpoint(kind, id))
    },

    /** The lock of an artefact, for those who only look. */
    lockFile: (kind: ArtefactKind, id: string) => `${place(kind, id)}${lockEnding}`,

    /** Where the lock of an artefact lies, in a folder that is there. */
    async lockPlace(kind: ArtefactKind, id: string): Promise<string> {
      await assertInside(project, folder(kind))
      await mkdir(folder(kind), { recursive: true })
      return `${place(kind, id)}${lockEnding}`
    },

    /** Removes what killed stages left of one artefact, and brings back what they had set aside; its lock stays. */
    sweepArtefact: (kind: ArtefactKind, id: string) =>
      sweepFolder(kind, (name) => name.startsWith(`${id}.`) && !name.startsWith(`${id}${lockEnding}`)),

    /** The same of all artefacts, with their locks. */
    async sweep(): Promise<void> {
      for (const kind of artefactKinds) await sweepFolder(kind, () => true)
    },
  }
}
export type ArtefactStore = ReturnType<typeof artefactStore>

/** Files below a folder. */
async function filesBelow(directory: string): Promise<string[]> {
  const entries = await readdir(directory, { recursive: true, withFileTypes: true })
  return entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name))
}

async function describeFiles(directory: string): Promise<Manifest['files']> {
  const files: Manifest['files'] = []
  for (const path of await filesBelow(directory)) {
    const name = relative(directory, path).split(sep).join('/')
    files.push({ path: name, bytes: (await stat(path)).size, sha256: await fileHash(path) })
  }
  return files.sort((a, b) => (a.path < b.path ? -1 : 1))
}

/** Bytes of a folder's files, or of the file that is there instead. */
async function sizeOf(place: string): Promise<number> {
  const files = (await stat(place)).isDirectory() ? await filesBelow(place) : [place]
  const sizes = await Promise.all(files.map((path) => stat(path)))
  return sizes.reduce((sum, { size }) => sum + size, 0)
}
