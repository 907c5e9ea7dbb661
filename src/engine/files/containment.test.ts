import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { assertInside } from './containment.ts'

let directory: string
let project: string
let elsewhere: string
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'isogloss-'))
  project = join(directory, 'project')
  elsewhere = join(directory, 'elsewhere')
  await mkdir(join(project, 'runs'), { recursive: true })
  await mkdir(elsewhere)
})
afterEach(() => rm(directory, { recursive: true, force: true }))

const check = (...path: string[]) => assertInside(project, join(project, ...path))
const outside = { code: 'project/outside' }

describe('assertInside', () => {
  it('lets pass what lies in the folder, there or not yet', async () => {
    await check()
    await check('runs')
    await check('runs', 'new', 'newer')
    await check('..a')
    await symlink(join(project, 'runs'), join(project, 'link'))
    await check('link', 'new')
  })

  it('lets pass a project that is itself opened by a link', async () => {
    const link = join(directory, 'link')
    await symlink(project, link)
    await assertInside(link, join(link, 'runs', 'new'))
  })

  it.each([['..'], ['..', 'elsewhere'], ['runs', '..', '..', 'new'], ['..', 'project2']])(
    'refuses what the path leads out: %s/%s',
    async (...path) => {
      await expect(check(...path)).rejects.toMatchObject(outside)
    },
  )

  it('refuses what a link leads out', async () => {
    await symlink(elsewhere, join(project, 'corpora'))
    await expect(check('corpora')).rejects.toMatchObject(outside)
    await expect(check('corpora', 'new', 'newer')).rejects.toThrow(
      /corpora.*leads to .*elsewhere.*nothing there is changed/,
    )
    await symlink(join(project, 'gone'), join(project, 'nowhere'))
    await expect(check('nowhere', 'new')).rejects.toThrow(/link to nowhere/)
  })

  it('refuses a way through a file or a circle of links', async () => {
    await writeFile(join(project, 'file'), '')
    await expect(check('file', 'new')).rejects.toThrow('ENOTDIR')
    await symlink(join(project, 'circle'), join(project, 'circle'))
    await expect(check('circle')).rejects.toThrow('ELOOP')
  })
})
