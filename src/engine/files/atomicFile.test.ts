import { mkdtemp, readdir, readFile, readlink, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { writeFileAtomically } from './atomicFile.ts'

let directory: string
let path: string
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'isogloss-'))
  path = join(directory, 'x')
})
afterEach(() => rm(directory, { recursive: true, force: true }))

describe('writeFileAtomically', () => {
  it('lets six writes at once succeed, and the last one win whole', async () => {
    const contents = Array.from({ length: 6 }, (_, i) => String(i).repeat((6 - i) * 200_000))
    await Promise.all(contents.map((content) => writeFileAtomically(path, content)))
    expect((await readFile(path, 'utf8')) === contents[5]).toBe(true)
    expect(await readdir(directory)).toEqual(['x'])
  })

  it('writes after a write that failed', async () => {
    const missing = join(directory, 'missing', 'x')
    const both = [writeFileAtomically(missing, 'a'), writeFileAtomically(missing, 'b'), writeFileAtomically(path, 'c')]
    expect((await Promise.allSettled(both)).map(({ status }) => status)).toEqual(['rejected', 'rejected', 'fulfilled'])
  })

  it('writes through no link that lies in its way', async () => {
    const other = join(directory, 'other')
    await writeFile(other, 'untouched')
    await symlink(other, `${path}.${process.pid}.tmp`)
    await symlink(other, path)
    await writeFileAtomically(path, 'new')
    expect(await readFile(other, 'utf8')).toBe('untouched')
    await expect(readlink(path)).rejects.toThrow('EINVAL')
  })
})
