import { createHash } from 'node:crypto'
import { createWriteStream } from 'node:fs'
import { mkdir, mkdtemp, readdir, rm, stat } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import type { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { ZipFile } from 'yazl'
import { EngineError } from '#protocol/errors.ts'
import type { StageContext } from '#engine/context.ts'
import { temporaryBeside } from '#engine/files/exclusiveFile.mjs'
import { placeNewFile, refuseExisting } from '#engine/files/newFile.ts'
import { version } from '#engine/version.ts'
import type { ArtefactStore } from '../artefactStore.ts'
import { fileHash } from '../contentId.ts'
import type { ArtefactKind, Manifest } from '../manifest.ts'
import { openProject } from '../projectFolder.ts'
import { packManifestName, type PackManifest, type Reduction } from './packManifest.ts'
import { fateOf } from './reduceArtefact.ts'

export interface PackRequest extends Reduction {
  /** The file to write. */
  out: string
  /** One run with what it was made from; null for all of the project. */
  run: string | null
  /** Experiments that are taken along. */
  experiments: string[]
}

/** A file of the pack: where it lies now, or what it holds. */
type Packed = { path: string; from: string; expected?: string } | { path: string; content: Buffer }

/**
 * Writes a project, or one run with what it was made from, into one zip archive that `unpackProject` checks and opens. Caches
 * and unfinished stages stay behind; damaged artefacts are named and left out.
 * @throws EngineError 'export/exists', 'artefact/missing', 'artefact/damaged' where a file holds other bytes than were written
 */
export async function packProject(
  project: string,
  store: ArtefactStore,
  request: PackRequest,
  context: StageContext,
): Promise<void> {
  await refuseExisting(request.out)
  const folder = await mkdtemp(`${temporaryBeside(request.out)}-`)
  try {
    const files: Packed[] = await smallFiles(project, request)
    for (const { kind, id } of await chosenArtefacts(store, request.run, context)) {
      context.signal.throwIfAborted()
      files.push(...(await reducedArtefact(store, kind, id, request, folder)))
    }
    await writePack(request, files, join(folder, 'pack.zip'), context)
    await placeNewFile(join(folder, 'pack.zip'), request.out)
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

async function smallFiles(project: string, { experiments, run }: PackRequest): Promise<Packed[]> {
  const file = await openProject(project)
  const kept = file.lastExperiment !== null && experiments.includes(file.lastExperiment)
  const lastExperiment = kept ? file.lastExperiment : run === null ? file.lastExperiment : (experiments[0] ?? null)
  const content = `${JSON.stringify({ ...file, lastExperiment, unfinished: null }, null, 2)}\n`
  const names = [...experiments.map((name) => `${name}.yaml`), 'sources.json']
  const there = await readdir(join(project, 'experiments')).catch(() => [] as string[])
  const found = names.filter((name) => there.includes(name))
  const variables = (await readdir(project)).includes('variables.yaml')
  return [
    { path: 'project.json', content: Buffer.from(content) },
    ...(variables ? [{ path: 'variables.yaml', from: join(project, 'variables.yaml') }] : []),
    ...found.map((name) => ({ path: `experiments/${name}`, from: join(project, 'experiments', name) })),
  ]
}

type Chosen = { kind: ArtefactKind; id: string }[]

/** All whole artefacts, or a run and what it was made from. */
async function chosenArtefacts(store: ArtefactStore, run: string | null, { note }: StageContext): Promise<Chosen> {
  if (run === null) {
    const all = await store.list()
    const damaged = all.filter((one) => one.damaged !== null)
    if (damaged.length > 0)
      note(`Left out, since they are damaged: ${damaged.map(({ kind, id }) => `${kind} ${id}`).join(', ')}.`)
    return all.filter((one) => one.damaged === null)
  }
  const chosen = new Map<string, Chosen[number]>()
  const pending: Chosen = [{ kind: 'run', id: run }]
  for (let next = pending.pop(); next; next = pending.pop()) {
    if (chosen.has(`${next.kind} ${next.id}`)) continue
    chosen.set(`${next.kind} ${next.id}`, next)
    const { recipe } = await store.manifest(next.kind, next.id)
    for (const [key, kind] of Object.entries(inputKinds)) {
      const id = recipe[key]
      if (typeof id === 'string') pending.push({ kind, id })
    }
    for (const id of (recipe['parts'] as string[] | undefined) ?? []) pending.push({ kind: 'run', id })
  }
  return [...chosen.values()]
}

/** Keys of recipes that name another artefact. */
const inputKinds: Record<string, ArtefactKind> = {
  corpus: 'corpus',
  vocabulary: 'vocabulary',
  labels: 'labels',
  matches: 'labels',
  embedding: 'embedding',
}

/** An artefact's files as they go into the pack, its manifest anew where one of them changes; nothing where none is left. */
async function reducedArtefact(
  store: ArtefactStore,
  kind: ArtefactKind,
  id: string,
  reduction: Reduction,
  folder: string,
): Promise<Packed[]> {
  const manifest = await store.manifest(kind, id)
  const place = store.place(kind, id)
  const name = `${dirname(place).split(/[\\/]/).at(-1)}/${id}`
  const packed: Packed[] = []
  const files: Manifest['files'] = []
  for (const file of manifest.files) {
    const fate = fateOf(manifest, file.path, reduction)
    if (fate === 'drop') continue
    const from = join(place, file.path)
    if (fate === 'keep') {
      files.push(file)
      packed.push({ path: `${name}/${file.path}`, from, expected: file.sha256 })
      continue
    }
    const to = join(folder, id, file.path)
    await mkdir(dirname(to), { recursive: true })
    await fate(from, to)
    const sha256 = await fileHash(to)
    files.push({ path: file.path, bytes: (await stat(to)).size, sha256 })
    packed.push({ path: `${name}/${file.path}`, from: to, expected: sha256 })
  }
  if (files.length === 0) return []
  return [
    { path: `${name}/manifest.json`, content: Buffer.from(`${JSON.stringify({ ...manifest, files }, null, 2)}\n`) },
    ...packed,
  ]
}

async function writePack(
  { withoutText, roundedKm }: Reduction,
  files: Packed[],
  target: string,
  { report, signal }: StageContext,
): Promise<void> {
  const listed: PackManifest['files'] = []
  for (const file of files) {
    signal.throwIfAborted()
    const found =
      'content' in file
        ? { bytes: file.content.length, sha256: createHash('sha256').update(file.content).digest('hex') }
        : { bytes: (await stat(file.from)).size, sha256: await fileHash(file.from, signal) }
    if ('expected' in file && file.expected !== undefined && file.expected !== found.sha256)
      throw new EngineError(
        'artefact/damaged',
        `${file.path} holds other bytes than were written (sha256); nothing was packed. Run its experiment: it is made again; or delete it.`,
        { path: file.path },
      )
    listed.push({ path: file.path, ...found })
    report({ done: listed.length, total: 2 * files.length, unit: 'steps', title: 'Reading files' })
  }
  const manifest: PackManifest = {
    format: 'isogloss-pack',
    formatVersion: 1,
    isogloss: version,
    withoutText,
    roundedKm,
    files: listed,
  }
  const zip = new ZipFile()
  // One time and mode for all, so that the same project gives the same pack.
  const mtime = new Date(Date.UTC(1980, 0, 1))
  const mode = 0o100644
  zip.addBuffer(Buffer.from(`${JSON.stringify(manifest, null, 1)}\n`), packManifestName, { mtime, mode: 0o100644 })
  for (const file of files) {
    if ('content' in file) zip.addBuffer(file.content, file.path, { mtime, mode })
    else zip.addFile(file.from, file.path, { mtime, mode, compress: !file.path.endsWith('.parquet') })
  }
  zip.end()
  // A file that is gone meanwhile is told of by the archive alone.
  zip.on('error', (error: Error) => (zip.outputStream as Readable).destroy(error))
  await pipeline(zip.outputStream, createWriteStream(target, { flags: 'wx' }), { signal })
  report({ done: 2 * files.length, total: 2 * files.length, unit: 'steps', title: 'Reading files' })
}
