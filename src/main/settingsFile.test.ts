import { mkdir, mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { readSettings } from './settingsFile.ts'

let directory: string
let file: string
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'isogloss-settings-'))
  file = join(directory, 'window.json')
})
afterEach(() => rm(directory, { recursive: true }))

describe('readSettings', () => {
  it('keeps what can be used, of older and of newer versions, and leaves the file alone', async () => {
    const text = '{"theme": "dark", "lastProject": "/a", "fromLater": {"x": 1}}'
    await writeFile(file, text)
    expect(readSettings(file)).toMatchObject({
      values: { theme: 'dark', lastProject: '/a', recentProjects: [], fromLater: { x: 1 } },
      problem: null,
    })
    expect(await readFile(file, 'utf8')).toBe(text)
    expect(readSettings(join(directory, 'none.json'))).toMatchObject({ values: { theme: 'system' }, problem: null })
  })

  it('sets back value by value what cannot be used, and keeps the file aside', async () => {
    const text = '{"recentProjects": null, "theme": "sepia", "bounds": {"x": "left"}, "maximised": true}'
    await writeFile(file, text)
    const { values, problem } = readSettings(file)
    expect(values).toMatchObject({ recentProjects: [], theme: 'system', bounds: null, maximised: true })
    expect(problem).toMatchObject({ code: 'settings/broken', data: { refused: ['theme', 'bounds', 'recentProjects'] } })
    expect(await readFile(join(directory, 'settings.broken.json'), 'utf8')).toBe(text)
    expect(readSettings(file).problem).toBeNull()
  })

  it.each(['', '{"theme": "da', '[1]', 'null', '"text"', '12'])('starts afresh with %j', async (text) => {
    await writeFile(file, text)
    expect(readSettings(file)).toMatchObject({
      values: { theme: 'system' },
      problem: { data: { refused: ['the whole file'] } },
    })
  })

  it('starts afresh where a folder lies in its place', async () => {
    await mkdir(file)
    expect(readSettings(file).problem).not.toBeNull()
    expect(await readdir(directory)).toEqual(['settings.broken.json'])
  })
})
