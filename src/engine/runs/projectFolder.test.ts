import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createProject, openProject, writeProject } from './projectFolder.ts'

let directory: string
beforeEach(async () => (directory = await mkdtemp(join(tmpdir(), 'isogloss-'))))
afterEach(() => rm(directory, { recursive: true, force: true }))

describe('createProject', () => {
  it('makes one project where several are to make it at the same moment', async () => {
    for (let round = 0; round < 10; round++) {
      const place = join(directory, String(round))
      const all = await Promise.all(Array.from({ length: 8 }, () => createProject(place)))
      for (const project of all) expect(project).toEqual(all[0])
      expect(await readdir(place)).toEqual(['project.json'])
    }
  })

  it('keeps what another program has written into the project meanwhile', async () => {
    const project = await createProject(directory)
    await writeProject(directory, { ...project, unfinished: 'study' })
    expect((await createProject(directory)).unfinished).toBe('study')
  })

  it('goes on where a program was killed while it made the project, and refuses a folder of other files', async () => {
    await writeFile(join(directory, 'project.json.0123456789abcdef.tmp'), '{"for')
    await createProject(directory)
    expect((await openProject(directory)).unfinished).toBeNull()
    const other = await mkdtemp(join(directory, 'other-'))
    await writeFile(join(other, 'notes.txt'), 'mine')
    await expect(createProject(other)).rejects.toMatchObject({ code: 'project/folder-not-empty' })
    expect(await readdir(other)).toEqual(['notes.txt'])
  })
})
