import { mkdir, readdir, readFile, rename, rm, stat } from 'node:fs/promises'
import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { pipeline } from 'node:stream/promises'
import { join } from 'node:path'
import { EngineError } from '#protocol/errors.ts'
import type { ArtefactSummary } from '#protocol/results.ts'
import { syncDirectory, writeFileAtomically } from '#engine/files/atomicFile.ts'

export type ArtefactKind = ArtefactSummary['kind']

const folders: Record<ArtefactKind, string> = {
  corpus: 'corpora',
  vocabulary: 'vocabularies',
  labels: 'labels',
  embedding: 'embeddings',
  run: 'runs',
}
export const artefactKinds = Object.keys(folders) as ArtefactKind[]

/** manifest.json: what an artefact is, what it was made from and with, and what its files must be. */
export interface Manifest {
  kind: ArtefactKind
  id: string
  title: string
  /** The recipe whose hash is the id, with the ids of its inputs and the version of its method. */
  recipe: unknown
  createdAt: string
  wallMs: number
  versions: Record<string, string>
  machine: Record<string, string | number>
  files: { path: string; bytes: number; sha256: string }[]
}

/** The artefacts of a project folder: each appears whole, by a rename, or not at all. */
export function artefactStore(project: string) {
  const folder = (kind: ArtefactKind) => join(project, folders[kind])
  const place = (kind: ArtefactKind, id: string) => join(folder(kind), id)
  const has = async (kind: ArtefactKind, id: string) =>
    stat(join(place(kind, id), 'manifest.json')).then(
      () => true,
      () => false,
    )

  return {
    place,
    has,

    /** Where a stage keeps what a resumed one continues from; removed when the artefact is there. */
    checkpoint: (kind: ArtefactKind, id: string) => `${place(kind, id)}.checkpoint`,

    hasCheckpoint: async (kind: ArtefactKind, id: string) =>
      (await readdir(`${place(kind, id)}.checkpoint`).catch(() => [])).length > 0,

    async manifest(kind: ArtefactKind, id: string): Promise<Manifest> {
      try {
        return JSON.parse(await readFile(join(place(kind, id), 'manifest.json'), 'utf8')) as Manifest
      } catch (cause) {
        throw new EngineError(
          'artefact/missing',
          `There is no ${kind} ${id} in ${project}. Run the experiment that makes it, or choose one that is listed.`,
          { kind, id },
          { cause },
        )
      }
    },

    /** Fills a temporary sibling by `fill`, syncs it, writes the manifest and renames it into place. */
    async create(
      manifest: Omit<Manifest, 'files' | 'createdAt' | 'wallMs'>,
      fill: (directory: string) => Promise<void>,
    ): Promise<void> {
      const { kind, id } = manifest
      const started = Date.now()
      const temporary = `${place(kind, id)}.tmp-${process.pid}`
      await rm(temporary, { recursive: true, force: true })
      await mkdir(temporary, { recursive: true })
      try {
        await fill(temporary)
        const files = await describeFiles(temporary)
        const full: Manifest = { ...manifest, createdAt: new Date(started).toISOString(), wallMs: Date.now() - started, files }
        await writeFileAtomically(join(temporary, 'manifest.json'), `${JSON.stringify(full, null, 2)}\n`)
        await rename(temporary, place(kind, id))
        await syncDirectory(folder(kind))
      } catch (error) {
        await rm(temporary, { recursive: true, force: true })
        throw error
      }
      await rm(`${place(kind, id)}.checkpoint`, { recursive: true, force: true })
    },

    async list(): Promise<Manifest[]> {
      const found: Manifest[] = []
      for (const kind of artefactKinds) {
        for (const id of (await readdir(folder(kind)).catch(() => [])).sort()) {
          if (!/^[0-9a-f]{16}$/.test(id) || !(await has(kind, id))) continue
          found.push(await this.manifest(kind, id))
        }
      }
      return found
    },

    async remove(kind: ArtefactKind, id: string): Promise<void> {
      // Renamed first: a kill while a folder is being emptied must not leave half an artefact.
      const doomed = `${place(kind, id)}.tmp-deleted`
      await rename(place(kind, id), doomed).catch((error: NodeJS.ErrnoException) => {
        if (error.code !== 'ENOENT') throw error
      })
      await rm(doomed, { recursive: true, force: true })
      await rm(`${place(kind, id)}.checkpoint`, { recursive: true, force: true })
    },

    /** Removes what killed stages left behind; only the holder of the project's lock may call it. */
    async sweep(): Promise<void> {
      for (const kind of artefactKinds) {
        for (const name of await readdir(folder(kind)).catch(() => [])) {
          if (name.includes('.tmp-')) await rm(join(folder(kind), name), { recursive: true, force: true })
        }
      }
    },
  }
}
export type ArtefactStore = ReturnType<typeof artefactStore>

async function describeFiles(directory: string): Promise<Manifest['files']> {
  const entries = await readdir(directory, { recursive: true, withFileTypes: true })
  const files: Manifest['files'] = []
  for (const entry of entries.filter((candidate) => candidate.isFile())) {
    const path = join(entry.parentPath, entry.name)
    const hash = createHash('sha256')
    await pipeline(createReadStream(path, { highWaterMark: 1 << 20 }), hash)
    files.push({ path: path.slice(directory.length + 1), bytes: (await stat(path)).size, sha256: hash.digest('hex') })
  }
  return files.sort((a, b) => (a.path < b.path ? -1 : 1))
}
