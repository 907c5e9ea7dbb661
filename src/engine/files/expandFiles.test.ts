import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { homedir, tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { absolutePath, expandFiles } from './expandFiles.ts'

let directory: string
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'isogloss-files-'))
  for (const name of ['b.csv', 'a.csv', '.hidden.csv', 'c.txt', 'odd [1] {a}*.csv'])
    await writeFile(join(directory, name), '')
  await mkdir(join(directory, 'x1'))
  await writeFile(join(directory, 'x1', 'd.csv'), '')
})
afterAll(() => rm(directory, { recursive: true, force: true }))

it('finds what a star stands for, in order, and takes a name that is there as it stands', async () => {
  const names = async (pattern: string) =>
    (await expandFiles([join(directory, pattern)])).map((path) => path.slice(directory.length + 1))
  expect(await names('*.csv')).toEqual(['a.csv', 'b.csv', 'odd [1] {a}*.csv'])
  expect(await names('x*/*.csv')).toEqual([join('x1', 'd.csv')])
  expect(await names('odd [1] {a}*.csv')).toEqual(['odd [1] {a}*.csv'])
  expect(await names('missing.csv')).toEqual(['missing.csv'])
  await expect(names('*.tsv')).rejects.toThrow(/No file matches .*\*\.tsv; its folder holds .*a\.csv/)
  await expect(names('{a,b}.csv')).rejects.toThrow(/only \* is understood/)
})

it('knows the home folder', () => {
  expect(absolutePath('/base', '~/a.csv')).toBe(join(homedir(), 'a.csv'))
  expect(absolutePath('/base', 'a~.csv')).toBe(join('/base', 'a~.csv'))
})
