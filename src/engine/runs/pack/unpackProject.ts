import { createHash, randomBytes } from 'node:crypto'
import { createWriteStream } from 'node:fs'
import { mkdir, readdir, rename, rm, rmdir, stat, statfs } from 'node:fs/promises'
import { dirname, join, resolve } from 'node:path'
import type { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { EngineError } from '#protocol/errors.ts'
import type { StageContext } from '#engine/context.ts'
import { openZip, type ZipArchive } from '#engine/corpus/import/container/zipArchive.ts'
import { syncTree } from '#engine/files/syncTree.ts'
import { openProject } from '../projectFolder.ts'
import { packManifest, packManifestName, type PackManifest } from './packManifest.ts'

/** Of pack.json, far above that of any project. */
const mostManifestBytes = 64 << 20
/** Deflate packs a thousand zeros into a byte; what claims more is no archive that anybody wrote. */
const mostTimesPacked = 1100

/**
 * Opens a pack into a new folder: every file is listed in pack.json, lies inside, and has the bytes that were packed, or nothing is
 * left of it.
 * @throws EngineError 'pack/not-a-pack', 'pack/damaged', 'pack/unsafe', 'project/folder-not-empty', 'disk/too-little'
 */
export async function unpackProject(file: string, directory: string, context: StageContext): Promise<void> {
  const place = resolve(directory)
  if ((await readdir(place).catch(() => [])).length > 0)
    throw new EngineError(
      'project/folder-not-empty',
      `${place} holds other files, and nothing is written over. Choose an empty or a new folder.`,
    )
  const zip = await openZip(file).catch((cause: unknown) => {
    throw notAPack(file, 'is no whole zip archive', cause)
  })
  const temporary = `${place}.tmp-${randomBytes(6).toString('hex')}`
  try {
    const manifest = await readManifest(file, zip)
    await requireListed(file, zip, manifest, dirname(place))
    await mkdir(temporary)
    let done = 0
    for (const [i, { path, bytes, sha256 }] of manifest.files.entries()) {
      context.signal.throwIfAborted()
      const target = join(temporary, path)
      await mkdir(dirname(target), { recursive: true })
      const found = await writeEntry(await openEntry(file, zip, path), target, bytes, context.signal)
      if (found !== sha256)
        throw new EngineError(
          'pack/damaged',
          `${path} in ${file} holds other bytes than were packed (sha256); nothing was unpacked. Fetch or copy the pack again.`,
          { path },
        )
      done = i + 1
      context.report({ done, total: manifest.files.length, unit: 'steps', title: 'Unpacking' })
    }
    await openProject(temporary)
    await syncTree(temporary)
    // An empty folder may be there; a link or a full one is not replaced.
    await rmdir(place).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== 'ENOENT') throw error
    })
    await rename(temporary, place)
  } finally {
    zip.close()
    await rm(temporary, { recursive: true, force: true })
  }
}

async function openEntry(file: string, zip: ZipArchive, path: string): Promise<Readable> {
  return zip.open(path).catch((cause: unknown) => {
    throw notAPack(file, `has a damaged ${path}`, cause)
  })
}

/** Writes what an entry holds; no more than it says. */
async function writeEntry(entry: Readable, target: string, bytes: number, signal: AbortSignal): Promise<string> {
  const hash = createHash('sha256')
  let written = 0
  await pipeline(
    entry,
    async function* (chunks: AsyncIterable<Buffer>) {
      for await (const chunk of chunks) {
        written += chunk.length
        if (written > bytes) throw unsafe(target, `unpacks to more than the ${bytes} bytes that it says`)
        hash.update(chunk)
        yield chunk
      }
    },
    createWriteStream(target, { flags: 'wx' }),
    { signal },
  )
  return hash.digest('hex')
}

async function readManifest(file: string, zip: ZipArchive): Promise<PackManifest> {
  const listed = zip.files.find(({ name }) => name === packManifestName)
  if (!listed) throw notAPack(file, `has no ${packManifestName}`)
  if (listed.bytes > mostManifestBytes) throw unsafe(file, `has a ${packManifestName} of ${listed.bytes} bytes`)
  const chunks: Buffer[] = []
  for await (const chunk of (await openEntry(file, zip, packManifestName)) as AsyncIterable<Buffer>) chunks.push(chunk)
  let raw: unknown
  try {
    raw = JSON.parse(Buffer.concat(chunks).toString())
  } catch (cause) {
    throw notAPack(file, `has a ${packManifestName} that is not JSON`, cause)
  }
  const parsed = packManifest.safeParse(raw)
  if (parsed.success) return parsed.data
  const [issue] = parsed.error.issues
  if (issue!.path[0] === 'files' && issue!.path[2] === 'path')
    throw unsafe(file, `names a file outside of its folder (entry ${String(issue!.path[1])} of ${packManifestName})`)
  throw notAPack(file, `has a ${packManifestName} whose ${issue!.path.join('.') || 'content'} cannot be read`)
}

/** Files of the archive and of its list are the same, as long as they say, and fit on the disk. */
async function requireListed(file: string, zip: ZipArchive, { files }: PackManifest, folder: string): Promise<void> {
  const inside = new Map(zip.files.map(({ name, bytes }) => [name, bytes]))
  if (inside.size !== zip.files.length) throw unsafe(file, 'holds two files of one name')
  // Names that differ in their case are one file on some systems.
  if (new Set(files.map(({ path }) => path.toLowerCase())).size !== files.length)
    throw unsafe(file, 'lists two files of one name')
  const unlisted = zip.files.find(({ name }) => name !== packManifestName && !files.some(({ path }) => path === name))
  if (unlisted) throw unsafe(file, `holds ${unlisted.name}, which ${packManifestName} does not list`)
  for (const { path, bytes } of files) {
    const found = inside.get(path)
    if (found === undefined) throw notAPack(file, `lacks ${path}, which ${packManifestName} lists`)
    if (found !== bytes) throw unsafe(file, `holds ${path} of ${found} bytes, listed with ${bytes}`)
  }
  const total = files.reduce((sum, { bytes }) => sum + bytes, 0)
  const packed = (await stat(file)).size
  if (total > mostTimesPacked * packed) throw unsafe(file, `says that its ${packed} bytes unpack to ${total}`)
  const { bavail, bsize } = await statfs(folder)
  if (bavail * bsize < total)
    throw new EngineError(
      'disk/too-little',
      `${file} unpacks to ${total} bytes, and the disk of ${folder} has ${bavail * bsize} free. Free some space and try again.`,
    )
}

const notAPack = (file: string, reason: string, cause?: unknown) =>
  new EngineError(
    'pack/not-a-pack',
    `${file} ${reason}; a pack was expected, as "isogloss pack" writes it. Nothing was unpacked; fetch or copy it again.`,
    { file },
    { cause },
  )

const unsafe = (file: string, reason: string) =>
  new EngineError(
    'pack/unsafe',
    `${file} ${reason}: no Isogloss wrote such a pack. Nothing was unpacked; do not trust where it comes from.`,
    { file },
  )
