import { mkdir, mkdtemp, rm, symlink } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { assertInside } from './assertInside.ts'

let directory: string
let root: string
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'isogloss-'))
  root = join(directory, 'project')
  await mkdir(join(root, 'inner'), { recursive: true })
  await mkdir(join(directory, 'project-too'))
})
afterEach(() => rm(directory, { recursive: true, force: true }))

describe('assertInside', () => {
  it('lets pass what is inside, there or not yet, also by a link', async () => {
    await symlink(join(root, 'inner'), join(root, 'alias'))
    await symlink(root, join(directory, 'link'))
    for (const path of ['', 'inner', 'inner/new/newer', 'alias', 'alias/new', '..not-up']) await assertInside(root, join(root, path))
    await assertInside(join(directory, 'link'), join(directory, 'link', 'inner', 'new'))
    await assertInside(root, join(directory, 'link', 'inner'))
  })

  it('refuses what leads out, by dots, by a link, or by a link to nowhere', async () => {
    await symlink(join(directory, 'project-too'), join(root, 'out'))
    await symlink(join(directory, 'nowhere'), join(root, 'dangling'))
    for (const path of ['..', '../project-too', 'out', 'out/new', 'dangling', 'dangling/new']) {
      await expect(assertInside(root, join(root, path)), path).rejects.toMatchObject({ code: 'project/outside' })
    }
  })
})
