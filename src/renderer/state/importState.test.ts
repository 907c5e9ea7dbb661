import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { EngineError } from '#protocol/errors.ts'
import { realEngine } from '../testing/engines.ts'
import { eventually } from '../testing/eventually.ts'
import { EngineConnection } from './engineConnection.ts'
import { ImportState } from './importState.svelte.ts'

const connection = new EngineConnection()
const engine = realEngine()
let directory: string
let table: string
let importing: ImportState
beforeAll(async () => {
  connection.attach(engine.port)
  directory = await mkdtemp(join(tmpdir(), 'isogloss-importing-'))
  await connection.request('project.create', { directory: join(directory, 'study') })
  table = join(directory, 'table.csv')
  // The two numbers are the wrong way round for their names.
  const rows = [...Array(20).keys()].map((i) => `author${i},${-100 - i},${30 + i},some words of row ${i}`)
  await writeFile(table, ['who,lat,lon,text', ...rows].join('\n'))
})
afterAll(async () => {
  connection.detach(new EngineError('test/over', 'The test is over.'))
  await engine.stop()
  await rm(directory, { recursive: true, force: true })
})
beforeEach(() => (importing = new ImportState(connection)))

const previewed = () =>
  eventually('the preview has come', () => ['ready', 'failed'].includes(importing.preview.current.state))
const foldsOf = () => importing.files.map(({ fold }) => fold)

describe('ImportState', () => {
  it('takes the fold out of a name, but divides a lone file whatever its name', () => {
    importing.add(['/a/test.txt'])
    expect(foldsOf()).toEqual(['train'])
    importing.clear()
    importing.add(['/a/user_info.train.gz', '/a/user_info.dev.gz', '/a/valid.txt', '/a/x_test_1.csv', '/a/contest.txt'])
    expect(foldsOf()).toEqual(['train', 'dev', 'dev', 'test', 'train'])
    importing.add(['/a/contest.txt'])
    expect(importing.files).toHaveLength(5)
    importing.setFold('/a/contest.txt', 'test')
    expect(importing.train).toEqual(['/a/user_info.train.gz'])
    importing.clear()
    expect([importing.files, importing.preview.current.state]).toEqual([[], 'idle'])
  })

  it('previews what was chosen, and looks again with other columns', async () => {
    importing.add([table])
    await previewed()
    expect(importing.column('text')).toBe('text')
    expect(importing.preview.value?.lonLat).toHaveLength(0)
    importing.swapCoordinates()
    expect([importing.column('lat'), importing.column('lon')]).toEqual(['lon', 'lat'])
    await eventually('points are on the map', () => importing.preview.value?.lonLat.length === 40)
    expect(importing.preview.value?.lonLat.slice(0, 2)).toEqual(Float32Array.of(-100, 30))
  })

  it('makes a corpus section that the engine takes', async () => {
    importing.add([table])
    await previewed()
    importing.swapCoordinates()
    importing.split = { dev: 0.2, test: 0.2, seed: 7 }
    const corpus = importing.settings()
    expect(corpus).toMatchObject({
      train: [table],
      split: { dev: 0.2, test: 0.2, seed: 7 },
      columns: { lat: 'lon', lon: 'lat', text: 'text' },
    })
    expect(corpus).not.toHaveProperty('dev')
    const { experiment } = await connection.request('experiment.complete', { input: { name: 'x', corpus } })
    expect(experiment.corpus.columns).toMatchObject({ lat: 'lon', lon: 'lat' })
    importing.divide = false
    expect(importing.settings().split).toBe('none')
  })

  it('says what is wrong with a file, and forgets it with the file', async () => {
    importing.add([join(directory, 'nowhere.csv')])
    await previewed()
    expect(importing.preview.current).toMatchObject({ state: 'failed' })
    const undo = importing.remove(join(directory, 'nowhere.csv'))
    const left = importing.files
    undo()
    expect(importing.files.map(({ path }) => path)).toContain(join(directory, 'nowhere.csv'))
    importing.remove(join(directory, 'nowhere.csv'))
    expect(importing.files).toEqual(left)
    expect(importing.preview.current.state).toBe('idle')
  })
})
