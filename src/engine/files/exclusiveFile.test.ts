import * as fs from 'node:fs/promises'
import { mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { placeExclusively } from './exclusiveFile.mjs'

// No file system without links is at hand; this is what FAT answers.
vi.mock('node:fs/promises', { spy: true })
const withoutLinks = () =>
  vi.mocked(fs.link).mockRejectedValue(Object.assign(new Error('not permitted'), { code: 'EPERM' }))

let directory: string
let temporary: string
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'isogloss-'))
  temporary = join(directory, 'temporary')
  await writeFile(temporary, 'new')
})
afterEach(async () => {
  vi.mocked(fs.link).mockReset()
  await rm(directory, { recursive: true })
})

describe.each([
  ['with links', () => undefined],
  ['without links', withoutLinks],
])('placeExclusively, on a file system %s', (_, prepare) => {
  it('gives a file its name once', async () => {
    prepare()
    const path = join(directory, 'path')
    expect(await placeExclusively(temporary, path)).toBe(true)
    await rm(temporary)
    await writeFile(temporary, 'newer')
    expect(await placeExclusively(temporary, path)).toBe(false)
  })

  it('writes through no link', async () => {
    prepare()
    await symlink(join(directory, 'elsewhere'), join(directory, 'path'))
    expect(await placeExclusively(temporary, join(directory, 'path'))).toBe(false)
    expect(await readdir(directory)).toEqual(['path', 'temporary'])
    await writeFile(join(directory, 'old'), 'old')
    expect(await placeExclusively(temporary, join(directory, 'old'))).toBe(false)
    expect(await readFile(join(directory, 'old'), 'utf8')).toBe('old')
  })
})
