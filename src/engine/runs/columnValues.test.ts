import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { corpusSettings } from '#protocol/experiment.ts'
import { quietContext } from '#engine/context.ts'
import { importCorpus } from '#engine/corpus/import/importCorpus.ts'
import { columnValues } from './columnValues.ts'

let directory: string
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'isogloss-column-'))
  const file = join(directory, 'a.csv')
  await writeFile(
    file,
    'lat,lon,text,age,sex\n47,8,a,31,f\n46,8,b,,m\n47,9,c,20,f\n45,8,d,20,f\n44,8,e,64,m\n43,8,e,64,\n42,8,e,64,m\n',
  )
  await importCorpus(corpusSettings.parse({ train: [file], split: 'none' }), directory, quietContext)
})
afterAll(() => rm(directory, { recursive: true, force: true }))

it('counts values, the most frequent first, and finds the middle number by documents', async () => {
  expect(await columnValues(directory, 'sex')).toEqual({
    values: [
      { value: 'f', documents: 3 },
      { value: 'm', documents: 3 },
    ],
    distinct: 2,
    missing: 1,
    numbers: null,
  })
  const age = await columnValues(directory, 'age')
  expect(age.values.map(({ value, documents }) => [value, documents])).toEqual([
    ['64', 3],
    ['20', 2],
    ['31', 1],
  ])
  expect(age).toMatchObject({ missing: 1, numbers: { min: 20, max: 64, median: 31 } })
  await expect(columnValues(directory, 'size')).rejects.toMatchObject({ code: 'corpus/no-column' })
})
