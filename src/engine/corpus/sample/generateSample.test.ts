import { mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { quietContext } from '#engine/context.ts'
import { generateSample } from './generateSample.ts'

let directory: string
beforeEach(async () => (directory = await mkdtemp(join(tmpdir(), 'isogloss-'))))
afterEach(() => rm(directory, { recursive: true, force: true }))

const linesOf = async (path: string) =>
  gunzipSync(await readFile(path))
    .toString()
    .trimEnd()
    .split('\n')

describe('generateSample', () => {
  it('writes the same corpus for the same seed, split into folds, and says that it is synthetic', async () => {
    const { files } = await generateSample({ directory: join(directory, 'a'), authors: 200, seed: 1 }, quietContext)
    const again = await generateSample({ directory: join(directory, 'b'), authors: 200, seed: 1 }, quietContext)
    const other = await generateSample({ directory: join(directory, 'c'), authors: 200, seed: 2 }, quietContext)
    for (const fold of ['train', 'dev', 'test'] as const)
      expect(await readFile(again.files[fold])).toEqual(await readFile(files[fold]))
    expect(await linesOf(other.files.dev)).not.toEqual(await linesOf(files.dev))
    expect(
      [await linesOf(files.train), await linesOf(files.dev), await linesOf(files.test)].map(({ length }) => length),
    ).toEqual([160, 20, 20])
    for (const line of await linesOf(files.train)) expect(line).toMatch(/^user_\w+\t-?\d+\.\d{5}\t-?\d+\.\d{5}\t\S.*$/)
    expect(await readFile(join(directory, 'a', 'SYNTHETIC.txt'), 'utf8')).toMatch(/Nobody wrote these texts/)
  })

  it.each([
    ['us', 800],
    ['world', 400],
  ] as const)('keeps 99.5 %% of instances of the %s form within %i words', async (form, limit) => {
    const { files } = await generateSample({ directory, authors: 1000, seed: 1, form }, quietContext)
    const lengths = (await linesOf(files.train)).map(
      (line) =>
        line
          .split('\t')[3]!
          .split(' ')
          .filter((word) => word !== '|||').length,
    )
    expect(lengths.filter((length) => length <= limit).length / lengths.length).toBeGreaterThanOrEqual(0.995)
    expect(lengths.reduce((sum, length) => sum + length, 0) / lengths.length).toBeGreaterThan(20)
  })

  it('goes on where it was interrupted, and writes over nothing that is not its own', async () => {
    const make = (seed: number) => generateSample({ directory, authors: 50, seed }, quietContext)
    const { files } = await make(1)
    const train = await readFile(files.train)
    for (const name of ['dev.txt.gz', 'SYNTHETIC.txt']) await rm(join(directory, name))
    await make(1)
    expect(await readdir(directory)).toEqual(['SYNTHETIC.txt', 'dev.txt.gz', 'test.txt.gz', 'train.txt.gz'])
    await expect(make(2)).rejects.toMatchObject({ code: 'export/exists' })
    expect(await readFile(files.train)).toEqual(train)
    expect(await readdir(directory)).toHaveLength(4)
  })

  it('writes through no link', async () => {
    const other = join(directory, 'other')
    await writeFile(other, 'mine')
    await symlink(other, join(directory, 'train.txt.gz.tmp'))
    await symlink(join(directory, 'nowhere'), join(directory, 'test.txt.gz'))
    await expect(generateSample({ directory, authors: 50, seed: 1 }, quietContext)).rejects.toMatchObject({
      code: 'export/exists',
    })
    expect(await readFile(other, 'utf8')).toBe('mine')
    expect(await readdir(directory)).not.toContain('nowhere')
  })

  it('stops when it is cancelled and leaves no file behind', async () => {
    const controller = new AbortController()
    controller.abort()
    await expect(
      generateSample({ directory, authors: 500, seed: 1 }, { ...quietContext, signal: controller.signal }),
    ).rejects.toThrow()
    await expect(readFile(join(directory, 'train.txt.gz'))).rejects.toThrow()
  })
})
