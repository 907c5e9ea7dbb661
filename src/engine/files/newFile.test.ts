import { mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { placeNewFile, writeNewFile } from './newFile.ts'

let directory: string
let path: string
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'isogloss-'))
  path = join(directory, 'x')
})
afterEach(() => rm(directory, { recursive: true, force: true }))

const write = (text: string) => writeNewFile(path, (file) => file.writeFile(text))
const exists = { code: 'export/exists' }

describe('writeNewFile', () => {
  it('writes a file once', async () => {
    await write('first')
    await expect(write('second')).rejects.toMatchObject(exists)
    expect(await readFile(path, 'utf8')).toBe('first')
  })

  it('does not write through a link to nowhere', async () => {
    await symlink(join(directory, 'elsewhere'), path)
    await expect(write('text')).rejects.toMatchObject(exists)
    expect(await readdir(directory)).toEqual(['x'])
  })

  it('refuses what came while it wrote, and leaves nothing of a failure', async () => {
    await expect(writeNewFile(path, () => Promise.reject(new Error('no')))).rejects.toThrow('no')
    expect(await readdir(directory)).toEqual([])
    await expect(writeNewFile(path, () => writeFile(path, 'theirs'))).rejects.toMatchObject(exists)
    expect(await readdir(directory)).toEqual(['x'])
    expect(await readFile(path, 'utf8')).toBe('theirs')
  })
})

describe('placeNewFile', () => {
  it('takes a file with the same bytes for its own', async () => {
    const temporary = join(directory, 'temporary')
    await writeFile(temporary, 'same')
    await writeFile(path, 'same')
    await placeNewFile(temporary, path)
    await writeFile(path, 'else')
    await expect(placeNewFile(temporary, path)).rejects.toMatchObject(exists)
  })
})
