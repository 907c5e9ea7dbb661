import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { artefactStore, type ArtefactStore } from './artefactStore.ts'

let project: string
let store: ArtefactStore
beforeEach(async () => {
  project = await mkdtemp(join(tmpdir(), 'isogloss-'))
  store = artefactStore(project)
})
afterEach(() => rm(project, { recursive: true, force: true }))

const id = '0123456789abcdef'
const head = { kind: 'labels' as const, id, title: 'Labels', recipe: { a: 1 }, versions: {}, machine: {} }

describe('artefactStore', () => {
  it('shows an artefact with its manifest only when it is whole', async () => {
    await store.create(head, async (directory) => {
      await writeFile(join(directory, 'x.txt'), 'abc')
      expect(await store.has('labels', id)).toBe(false)
    })
    expect(await store.has('labels', id)).toBe(true)
    expect((await store.manifest('labels', id)).files).toEqual([
      { path: 'x.txt', bytes: 3, sha256: 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad' },
    ])
    expect((await store.list()).map((manifest) => manifest.id)).toEqual([id])
  })

  it('leaves nothing when the stage fails, and keeps its checkpoint', async () => {
    await mkdir(store.checkpoint('labels', id), { recursive: true })
    await writeFile(join(store.checkpoint('labels', id), 'state'), '')
    await expect(
      store.create(head, async (directory) => {
        await writeFile(join(directory, 'x.txt'), 'abc')
        throw new Error('broken off')
      }),
    ).rejects.toThrow('broken off')
    expect(await readdir(join(project, 'labels'))).toEqual([`${id}.checkpoint`])
    expect(await store.hasCheckpoint('labels', id)).toBe(true)
  })

  it('sweeps what a killed stage left', async () => {
    await mkdir(join(project, 'labels', `${id}.tmp-1`), { recursive: true })
    await store.sweep()
    expect(await readdir(join(project, 'labels'))).toEqual([])
  })

  it('deletes an artefact and its checkpoint, and bears deleting it twice', async () => {
    await store.create(head, (directory) => writeFile(join(directory, 'x.txt'), 'abc'))
    await store.remove('labels', id)
    await store.remove('labels', id)
    expect(await readdir(join(project, 'labels'))).toEqual([])
    await expect(store.manifest('labels', id)).rejects.toMatchObject({ code: 'artefact/missing' })
  })
})
