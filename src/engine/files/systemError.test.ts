import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { systemError } from './systemError.ts'

const directory = mkdtempSync(join(tmpdir(), 'isogloss-'))
afterAll(() => rmSync(directory, { recursive: true }))

const explained = (work: Promise<unknown>) =>
  work.then(
    () => null,
    (error: unknown) => systemError(error),
  )

describe('systemError', () => {
  it('puts what the system refuses into words that name the path', async () => {
    const file = join(directory, 'file')
    await writeFile(file, '')
    expect(await explained(readFile(join(directory, 'none')))).toMatchObject({
      code: 'file/missing',
      message: expect.stringContaining('none') as string,
    })
    expect(await explained(readFile(directory))).toMatchObject({ code: 'file/not-a-file' })
    expect(await explained(mkdir(file, { recursive: true }))).toMatchObject({
      code: 'file/not-a-folder',
      message: expect.stringContaining(file) as string,
    })
    expect(await explained(mkdir(join(file, 'inside'), { recursive: true }))).toMatchObject({
      code: 'file/not-a-folder',
    })
  })

  it('knows a full and a read-only disk, by code or in the words of DuckDB', () => {
    const withCode = (code: string) => Object.assign(new Error(code), { code, path: '/study/lock' })
    expect(systemError(withCode('ENOSPC'))?.code).toBe('disk/full')
    expect(systemError(new Error('IO Error: Could not write file: No space left on device'))?.code).toBe('disk/full')
    expect(systemError(withCode('EROFS'))?.message).toMatch(/\/study\/lock .*read-only/)
  })

  it('leaves other errors alone', () => {
    expect(systemError(new Error('Kernel not registered'))).toBeNull()
    expect(systemError(Object.assign(new Error(''), { code: 'ERR_INVALID_ARG_TYPE' }))).toBeNull()
  })
})
