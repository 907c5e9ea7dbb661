import { readlinkSync } from 'node:fs'
import {
  lstat,
  mkdir,
  mkdtemp,
  open,
  readdir,
  readFile,
  rm,
  symlink,
  truncate,
  writeFile,
  type FileHandle,
} from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, relative } from 'node:path'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { artefactStore, type ArtefactStore } from './artefactStore.ts'

let project: string
let store: ArtefactStore
beforeEach(async () => {
  project = await mkdtemp(join(tmpdir(), 'isogloss-'))
  store = artefactStore(project)
})
afterEach(() => rm(project, { recursive: true, force: true }))

const id = '0123456789abcdef'
const oracle = { accuracyAt161Km: 1, meanErrorKm: 1, medianErrorKm: 1 }
const summary = {
  name: 'kd',
  method: 'kd-tree',
  assign: 'cell',
  labelCount: 2,
  meanToCentreKm: 1,
  medianToCentreKm: 1,
  centreToCityKm: 1,
  oracleMedianKm: 1,
  oracle: { train: oracle, dev: null, test: null },
  sizes: [1, 1, 1, 1, 1],
  reassigned: null,
}
const head = { kind: 'embedding' as const, id, title: 'Vectors', recipe: { a: 1 }, versions: {}, machine: {} }

describe('artefactStore', () => {
  it('shows an artefact with its manifest only when it is whole', async () => {
    await store.create(head, async (directory) => {
      await writeFile(join(directory, 'x.txt'), 'abc')
      expect(await store.has('embedding', id)).toBe(false)
    })
    expect(await store.has('embedding', id)).toBe(true)
    expect((await store.manifest('embedding', id)).files).toEqual([
      { path: 'x.txt', bytes: 3, sha256: 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad' },
    ])
    expect((await store.list()).map((manifest) => manifest.id)).toEqual([id])
  })

  it('leaves nothing when the stage fails, and keeps its checkpoint', async () => {
    await mkdir(store.checkpoint('embedding', id), { recursive: true })
    await writeFile(join(store.checkpoint('embedding', id), 'state'), '')
    await expect(
      store.create(head, async (directory) => {
        await writeFile(join(directory, 'x.txt'), 'abc')
        throw new Error('broken off')
      }),
    ).rejects.toThrow('broken off')
    expect(await readdir(join(project, 'embeddings'))).toEqual([`${id}.checkpoint`])
    expect(await store.hasCheckpoint('embedding', id)).toBe(true)
  })

  it('sweeps what a killed stage left', async () => {
    await mkdir(join(project, 'embeddings', `${id}.tmp-1`), { recursive: true })
    await store.sweep()
    expect(await readdir(join(project, 'embeddings'))).toEqual([])
  })

  it('throws an artefact away, brings it back, and forgets it when the trash is emptied', async () => {
    await store.create(head, (directory) => writeFile(join(directory, 'x.txt'), 'abc'))
    await store.throwAway('embedding', id)
    await store.throwAway('embedding', id)
    expect([await store.inspect('embedding', id), (await store.list()).length]).toEqual([null, 0])
    await store.restore('embedding', id)
    expect(await readFile(join(store.place('embedding', id), 'x.txt'), 'utf8')).toBe('abc')
    expect(await store.has('embedding', id)).toBe(true)
    await store.throwAway('embedding', id)
    await store.emptyTrash()
    expect(await readdir(project)).not.toContain('trash')
    await expect(store.restore('embedding', id)).rejects.toMatchObject({ code: 'artefact/not-in-trash' })
  })

  it('deletes an artefact and its checkpoint, and bears deleting it twice', async () => {
    await store.create(head, (directory) => writeFile(join(directory, 'x.txt'), 'abc'))
    await store.remove('embedding', id)
    await store.remove('embedding', id)
    expect(await readdir(join(project, 'embeddings'))).toEqual([])
    await expect(store.manifest('embedding', id)).rejects.toMatchObject({ code: 'artefact/missing' })
  })

  it.skipIf(process.platform !== 'linux')(
    'makes every file and folder durable before the artefact appears, and its folder after',
    async () => {
      const handle = await open(project)
      const prototype = Object.getPrototypeOf(handle) as FileHandle
      await handle.close()
      const synced: { path: string; appeared: boolean }[] = []
      const sync = Object.getOwnPropertyDescriptor(prototype, 'sync')!.value as FileHandle['sync']
      const spy = vi.spyOn(prototype, 'sync').mockImplementation(async function (this: FileHandle) {
        const path = relative(project, readlinkSync(`/proc/self/fd/${this.fd}`)).replace(/\.tmp-[0-9a-f]+/, '.tmp')
        synced.push({ path, appeared: await store.has('embedding', id) })
        return sync.call(this)
      })
      await store.create(head, async (directory) => {
        await mkdir(join(directory, 'model'))
        await writeFile(join(directory, 'x.txt'), 'abc')
        await writeFile(join(directory, 'model', 'weights.bin'), 'abc')
      })
      spy.mockRestore()
      const before = synced.filter(({ appeared }) => !appeared).map(({ path }) => path)
      const temporary = `embeddings/${id}.tmp`
      for (const path of ['', '/x.txt', '/model', '/model/weights.bin']) expect(before).toContain(`${temporary}${path}`)
      expect(before).toContain('')
      expect(synced.filter(({ appeared }) => appeared).map(({ path }) => path)).toEqual(['embeddings'])
    },
  )

  describe('with a damaged artefact', () => {
    const labels = { ...head, kind: 'labels' as const }
    const place = () => store.place('labels', id)
    beforeEach(() =>
      store.create(labels, async (directory) => {
        await writeFile(join(directory, 'summary.json'), JSON.stringify(summary))
        await writeFile(join(directory, 'x.txt'), 'abc')
      }),
    )

    it.each<[string, RegExp, () => Promise<unknown>]>([
      ['an empty manifest', /^manifest\.json is empty$/, () => writeFile(join(place(), 'manifest.json'), '')],
      ['a manifest that is cut off', /^manifest\.json is cut off/, () => truncate(join(place(), 'manifest.json'), 40)],
      [
        '{} for a manifest',
        /^manifest\.json does not hold what it should at kind/,
        () => writeFile(join(place(), 'manifest.json'), '{}'),
      ],
      ['no manifest', /^manifest\.json is missing$/, () => rm(join(place(), 'manifest.json'))],
      [
        'the manifest of another artefact',
        /^manifest\.json is that of labels f{16}$/,
        () => editManifest((text) => text.replace(id, 'f'.repeat(16))),
      ],
      [
        'a manifest that names a file outside',
        /^manifest\.json .*not a path inside/,
        () => editManifest((text) => text.replace('"x.txt"', '"../x.txt"')),
      ],
      ['an empty file', /^x\.txt has 0 bytes, expected 3$/, () => truncate(join(place(), 'x.txt'))],
      ['a missing file', /^x\.txt is missing$/, () => rm(join(place(), 'x.txt'))],
      [
        'two files that are cut off',
        /^summary\.json has 4 bytes.*, and 1 more$/,
        async () => {
          await truncate(join(place(), 'summary.json'), 4)
          await truncate(join(place(), 'x.txt'), 1)
        },
      ],
      [
        'a summary of the right size and of other content',
        /^summary\.json is cut off/,
        async () => {
          const { length } = await readFile(join(place(), 'summary.json'))
          await writeFile(join(place(), 'summary.json'), '?'.repeat(length))
        },
      ],
      [
        'a file instead of the folder',
        /^There is a file/,
        async () => {
          await rm(place(), { recursive: true })
          await writeFile(place(), 'abc')
        },
      ],
    ])('lists %s as damaged, makes it again and deletes it', async (_, reason, damage) => {
      await damage()
      expect(await store.has('labels', id)).toBe(false)
      const [listed, ...others] = await store.list()
      expect(others).toEqual([])
      expect(listed).toMatchObject({ kind: 'labels', id, damaged: expect.stringMatching(reason) as string })
      await expect(store.whole('labels', id)).rejects.toMatchObject({ code: 'artefact/damaged' })

      await expect(store.create(labels, () => Promise.reject(new Error('no corpus')))).rejects.toThrow('no corpus')
      expect((await store.list())[0]!.damaged).toMatch(reason)
      await store.create(labels, (directory) => writeFile(join(directory, 'summary.json'), JSON.stringify(summary)))
      expect(await store.has('labels', id)).toBe(true)
      expect(await readdir(join(project, 'labels'))).toEqual([id])

      await damage().catch(() => undefined)
      await store.remove('labels', id)
      expect(await readdir(join(project, 'labels'))).toEqual([])
    })

    it('is out of the way before the stage begins, and back after a kill in its middle', async () => {
      await truncate(join(place(), 'x.txt'))
      const killed = store.create(labels, async () => {
        expect(await readdir(join(project, 'labels'))).not.toContain(id)
        await store.sweep()
        expect((await store.list())[0]!.damaged).toMatch(/^x\.txt/)
        throw new Error('killed')
      })
      await expect(killed).rejects.toThrow('killed')
      expect(await readdir(join(project, 'labels'))).toEqual([id])
    })

    async function editManifest(edit: (text: string) => string) {
      const path = join(place(), 'manifest.json')
      await writeFile(path, edit(await readFile(path, 'utf8')))
    }
  })

  it('writes and deletes nothing where a link leads out of the project', async () => {
    const elsewhere = await mkdtemp(join(tmpdir(), 'isogloss-'))
    const theirs = [`${id}.tmp-1`, id]
    for (const name of theirs) await mkdir(join(elsewhere, name))
    await symlink(elsewhere, join(project, 'embeddings'))
    const outside = { code: 'project/outside' }
    await expect(store.sweep()).rejects.toMatchObject(outside)
    await expect(store.remove('embedding', id)).rejects.toMatchObject(outside)
    await expect(store.create(head, () => Promise.reject(new Error('not begun')))).rejects.toMatchObject(outside)
    expect((await readdir(elsewhere)).sort()).toEqual(theirs.sort())

    await rm(join(project, 'embeddings'))
    await mkdir(join(project, 'embeddings'))
    await symlink(elsewhere, store.checkpoint('embedding', id))
    await expect(store.create(head, () => Promise.reject(new Error('not begun')))).rejects.toMatchObject(outside)
    // A link in an artefact's own place is removed as a link.
    await symlink(elsewhere, store.place('embedding', id))
    await store.remove('embedding', id)
    await expect(lstat(store.place('embedding', id))).rejects.toThrow(/ENOENT/)
    expect((await readdir(elsewhere)).sort()).toEqual(theirs.sort())
    await rm(elsewhere, { recursive: true })
  })
})
