import { mkdtemp, readdir, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { exportVectors } from './exportVectors.ts'

describe('exportVectors', () => {
  it('refuses a file or a link that is there before it reads anything', async () => {
    const directory = await mkdtemp(join(tmpdir(), 'isogloss-'))
    const nothing = { vocabulary: join(directory, 'no'), embedding: join(directory, 'no') }
    await writeFile(join(directory, 'file'), '')
    await symlink(join(directory, 'nowhere'), join(directory, 'link'))
    for (const name of ['file', 'link']) {
      await expect(exportVectors(nothing, join(directory, name), false)).rejects.toMatchObject({
        code: 'export/exists',
      })
    }
    await expect(exportVectors(nothing, join(directory, 'no', 'file'), false)).rejects.toMatchObject({
      code: 'ENOENT',
      path: join(directory, 'no'),
    })
    expect((await readdir(directory)).sort()).toEqual(['file', 'link'])
    await rm(directory, { recursive: true })
  })
})
