import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { ImportReading } from '#protocol/corpus.ts'
import { isogloss } from './commandLine.ts'

describe('isogloss preview', { timeout: 180_000 }, () => {
  let directory: string
  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), 'isogloss-preview-'))
  })
  afterAll(() => rm(directory, { recursive: true, force: true }))
  async function file(name: string, content: string | Buffer) {
    const path = join(directory, name)
    await writeFile(path, content)
    return path
  }

  it('says format, encoding, columns and rows, and writes nothing', async () => {
    const path = await file(
      'a.csv',
      Buffer.from('user;Breite;Länge;Text;Alter\nu1;47,1;8,1;grüezi mitenand;31\nu2;x;8,2;sali zäme;\n'),
    )
    const before = await readdir(directory)
    const { code, stdout } = await isogloss('preview', path)
    expect(code).toBe(0)
    expect(stdout).toMatch(/A table with semicolons between fields. Encoding utf-8./)
    expect(stdout).toMatch(/^Breite +latitude +47,1$/m)
    expect(stdout).toMatch(/1 of 2 rows can be taken.\n +1 no-coordinates: Latitude "x"/)
    expect(await readdir(directory)).toEqual(before)
  })

  it('takes the options of import, and its answer is one JSON document', async () => {
    const path = await file('b.txt', 'x1|47.1|8.1|eins zwei\nx2|47.2|8.2|drei vier\n')
    const { stdout } = await isogloss(
      'preview',
      path,
      '--json',
      '--delimiter',
      'pipe',
      '--header',
      'no',
      '--lat',
      '2',
      '--lon',
      '3',
      '--text',
      '4',
      '--author',
      '1',
    )
    const { files } = JSON.parse(stdout) as { files: ImportReading[] }
    expect(files[0]).toMatchObject({
      delimiter: '|',
      header: false,
      rows: { taken: 2 },
      columns: [{ role: 'author' }, { role: 'latitude', sample: '47.1' }, { role: 'longitude' }, { role: 'text' }],
    })
  })

  it('is what an import says, too', async () => {
    const path = await file('c.csv', 'lat,lon,text,split\n47.1,8.1,eins zwei,train\n47.2,8.2,drei vier,test\n')
    const project = join(directory, 'project')
    const taken = await isogloss('import', path, '--project', project, '--fold', 'split', '--json')
    expect(JSON.parse(taken.stdout)).toMatchObject({
      corpus: { documents: { train: 1, test: 1 }, splitBy: 'column' },
      reading: [{ file: 'c.csv', chosen: { fold: 'split' }, rows: { taken: 2, complete: true } }],
    })
    const { stdout } = await isogloss('import', path, '--project', project, '--fold', 'split')
    expect(stdout).toMatch(/Taken for: c.csv: A table with commas between fields.*"split" says the fold/)
  })

  it('finds the files of a pattern that no shell has expanded', async () => {
    await mkdir(join(directory, 'parts'), { recursive: true })
    for (const part of ['1', '2']) await file(`parts/${part}.csv`, `lat,lon,text\n47.${part},8.1,eins zwei ${part}\n`)
    const { stdout } = await isogloss(
      'import',
      join(directory, 'parts', '*.csv'),
      '--project',
      join(directory, 'globbed'),
      '--split',
      'none',
      '--json',
    )
    expect(JSON.parse(stdout)).toMatchObject({ corpus: { documents: { train: 2 } } })
    const { code, stderr } = await isogloss('preview', join(directory, 'parts', '*.tsv'))
    expect([code, stderr]).toEqual([
      1,
      expect.stringMatching(/import\/file-missing: No file matches .*its folder holds 1.csv, 2.csv/),
    ])
  })

  it('lets no sign of a file steer the terminal', async () => {
    const path = await file(
      'd.csv',
      'lat,lon,text,\u001b[31mred\n47.1,8.1,eins \u001b]0;title\u0007 zwei,\u009b1m\u202e\n',
    )
    const steering = /[\u001b\u0007\u009b\u202e]/
    for (const options of [[], ['--json']]) {
      const { stdout } = await isogloss('preview', path, ...options)
      expect(stdout).not.toMatch(steering)
      expect(stdout).toContain('\\u001b[31mred')
    }
    const { stderr } = await isogloss('preview', path, '--text', 'body')
    expect(stderr).toMatch(/No "body" column/)
    expect(stderr).not.toMatch(steering)
  })
})
