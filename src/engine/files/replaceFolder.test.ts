import { mkdir, mkdtemp, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { placesOf, replaceFolder } from './replaceFolder.ts'

let directory: string
let place: string
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'isogloss-'))
  place = join(directory, 'state')
})
afterEach(() => rm(directory, { recursive: true, force: true }))

const filling = (text: string) => (folder: string) => writeFile(join(folder, 'x'), text)
const held = () => readFile(join(place, 'x'), 'utf8')

describe('replaceFolder', () => {
  it('keeps the former content until the new one is whole', async () => {
    await replaceFolder(place, filling('one'))
    await replaceFolder(place, async (folder) => {
      await filling('two')(folder)
      expect(await held()).toBe('one')
    })
    expect(await held()).toBe('two')
    await expect(replaceFolder(place, () => Promise.reject(new Error('disk full')))).rejects.toThrow('disk full')
    expect(await held()).toBe('two')
  })

  it('goes on from any instant of a kill', async () => {
    await replaceFolder(place, filling('one'))
    // Killed between the two renames.
    await rename(place, placesOf(place)[1]!)
    await mkdir(`${place}.tmp`)
    await replaceFolder(place, async (folder) => {
      await filling('two')(folder)
      expect(await readFile(join(placesOf(place)[1]!, 'x'), 'utf8')).toBe('one')
    })
    expect(await held()).toBe('two')
    expect(await readdir(directory)).toEqual(['state'])
  })
})
