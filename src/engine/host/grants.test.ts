import { cp, mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { methods, type MethodName, type ProjectView } from '#protocol/methods.ts'
import type { Plan } from '#protocol/project.ts'
import { Grants } from './grants.ts'
import { startEngine } from './testing/startEngine.ts'

let directory: string
let corpus: string
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'isogloss-grants-'))
  corpus = join(directory, 'corpus.txt')
  await writeFile(
    corpus,
    Array.from({ length: 40 }, (_, i) => `u${i}\t${46 + i / 20}\t${7 + i / 20}\tgrüezi ${i}\n`).join(''),
  )
})
afterAll(() => rm(directory, { recursive: true }))

/** An engine with one granted project open in it. */
async function withProject(name: string) {
  const grants = Grants.nothing()
  const project = join(directory, name)
  await grants.add([project])
  const engine = startEngine(grants)
  await engine.request('project.create', { directory: project })
  return { engine, grants, project }
}

/** What each method that takes a path would need to reach one outside. */
const outside = (path: string): Partial<Record<MethodName, unknown>> => ({
  'project.create': { directory: path },
  'project.open': { directory: path },
  'project.unlock': { directory: path, force: false },
  'corpus.preview': { files: [path] },
  'corpus.import': { corpus: { train: 'corpus.txt', test: [path] } },
  'experiment.planFile': { file: path, project: path },
  'experiment.importPredictions': { name: 'x', model: 'theirs', file: path },
  'experiment.runFile': { file: path, project: path },
  'experiment.sweepFile': { file: path, project: path },
  'explorer.boundaries': { file: path },
  'embedding.export': { experiment: 'a', file: path, binary: false },
  'figure.save': { file: path, content: '<svg/>' },
  'run.export': { run: '0123456789abcdef', form: 'tfjs', directory: path },
  'project.pack': { out: path },
  'project.unpack': { file: path, directory: path },
  'sample.placeNames': { file: path, of: { country: 'CH' } },
  'cluster.pack': { file: path, project: path, out: path },
  'texts.open': { file: path },
  'sample.generate': { directory: path, authors: 10, seed: 1 },
})

it('a Shapefile is granted with what lies beside it under its name', async () => {
  const folder = join(directory, 'shapes')
  await mkdir(folder)
  for (const name of ['areas.shp', 'areas.dbf', 'areas.txt', 'other.dbf']) await writeFile(join(folder, name), '')
  await symlink(join(folder, 'areas.txt'), join(folder, 'areas.prj'))
  const grants = Grants.nothing()
  await grants.add([join(folder, 'areas.shp')])
  await grants.check(join(folder, 'areas.dbf'), null)
  for (const name of ['areas.txt', 'other.dbf', 'areas.prj'])
    await expect(grants.check(join(folder, name), null)).rejects.toMatchObject({ code: 'path/not-granted' })
})

describe('a CLDF dataset', () => {
  const term = (name: string) => `http://cldf.clld.org/v1.0/terms.rdf#${name}`
  const dataset = async (name: string, forms: string) => {
    const folder = join(directory, name)
    await mkdir(folder)
    const tables = [
      { url: forms, 'dc:conformsTo': term('FormTable') },
      { url: 'languages.csv', 'dc:conformsTo': term('LanguageTable') },
    ]
    const path = join(folder, 'metadata.json')
    await writeFile(path, JSON.stringify({ '@context': 'http://www.w3.org/ns/csvw', tables }))
    await writeFile(join(folder, 'languages.csv'), 'ID,Latitude,Longitude\nl1,47,8\n')
    return { folder, path }
  }

  it('is granted with its tables, which have to lie beside it', async () => {
    const grants = Grants.nothing()
    const own = await dataset('dataset', 'forms.csv')
    await writeFile(join(own.folder, 'forms.csv'), 'ID,Language_ID,Parameter_ID,Form\n1,l1,sun,va\n')
    await expect(grants.check(own.path, null)).rejects.toMatchObject({ code: 'path/not-granted' })
    await grants.add([own.path])
    await grants.check(own.path, null)
    await expect(grants.check(join(own.folder, 'forms.csv'), null)).rejects.toMatchObject({ code: 'path/not-granted' })

    const leading = await dataset('leading', 'forms.csv')
    await symlink(corpus, join(leading.folder, 'forms.csv'))
    await grants.add([leading.path])
    await expect(grants.check(leading.path, null)).rejects.toMatchObject({
      code: 'path/not-granted',
      message: expect.stringMatching(/forms\.csv lies outside/) as string,
    })
    await grants.add([corpus])
    await grants.check(leading.path, null)
  })
})

describe('paths that nobody granted', () => {
  it('are refused by every method that takes one', async () => {
    const { engine } = await withProject('methods')
    for (const path of [
      corpus,
      join(directory, 'new'),
      '/etc/passwd',
      `${directory}/methods/../corpus.txt`,
      'corpus.txt',
      '\0',
    ]) {
      for (const [method, params] of Object.entries(outside(path))) {
        expect([method, await engine.codeOf(method as MethodName, params)]).toEqual([method, 'path/not-granted'])
      }
    }
    await engine.stop()
  })

  it('are named by no other method', () => {
    const takesPath = (name: MethodName) =>
      Object.keys(methods[name].params.shape).some((key) =>
        ['directory', 'file', 'files', 'project', 'corpus', 'out'].includes(key),
      )
    // "corpus" is an id in these.
    const named = (Object.keys(methods) as MethodName[]).filter(
      (name) => takesPath(name) && !['corpus.rejected', 'corpus.reading', 'corpus.column'].includes(name),
    )
    expect(named.sort()).toEqual(Object.keys(outside('')).sort())
  })

  it('are refused through a link that lies in the project', async () => {
    const { engine, project } = await withProject('links')
    await symlink(corpus, join(project, 'link.txt'))
    await symlink(directory, join(project, 'folder'))
    await symlink('circle', join(project, 'circle'))
    for (const name of ['link.txt', 'folder/corpus.txt', 'circle']) {
      expect(await engine.codeOf('corpus.preview', { files: [join(project, name)] })).toBe('path/not-granted')
    }
    await engine.stop()
  })

  it('are not reached by an id or a name', async () => {
    const { engine } = await withProject('ids')
    const elsewhere = '../../elsewhere'
    for (const [method, params] of Object.entries({
      'run.metrics': { run: elsewhere },
      'run.errors': { run: elsewhere },
      'run.document': { run: elsewhere, row: 0 },
      'run.predict': { run: elsewhere, text: 'a' },
      'corpus.rejected': { corpus: elsewhere },
      'artefact.delete': { kind: 'run', id: elsewhere },
      'artefact.restore': { kind: 'run', id: elsewhere },
      'experiment.read': { name: elsewhere },
      'experiment.run': { name: elsewhere },
      'labels.map': { experiment: 'a', labels: elsewhere },
      'job.cancel': { job: elsewhere },
    })) {
      expect([method, await engine.codeOf(method as MethodName, params)]).toEqual([method, 'wire/wrong-parameters'])
    }
    await engine.stop()
  })
})

describe('paths that are granted', () => {
  it('are files that were chosen, and everything in the open project alone', async () => {
    const { engine, grants, project } = await withProject('own')
    await cp(corpus, join(project, 'inside.txt'))
    await mkdir(join(directory, 'other'))
    await cp(corpus, join(directory, 'other', 'outside.txt'))
    const preview = (file: string) => engine.codeOf('corpus.preview', { files: [file] })
    expect(await preview(join(project, 'inside.txt'))).toBe('answered')
    expect(await preview(corpus)).toBe('path/not-granted')
    // Without waiting: what is granted counts for what is asked afterwards.
    void grants.add([corpus, join(directory, 'other')])
    expect(await preview(corpus)).toBe('answered')
    expect(await preview(join(directory, 'other', 'outside.txt'))).toBe('path/not-granted')
    await engine.request('project.close', {})
    expect(await preview(join(project, 'inside.txt'))).toBe('path/not-granted')
    await engine.stop()
  })

  it('are asked for the files that an experiment names, as long as they are to be read', async () => {
    const { engine, grants, project } = await withProject('experiment')
    await engine.request('experiment.save', { yaml: `name: a\ncorpus: {train: ${corpus}}\n` })
    const sweep = { name: 'a', buckets: [10], radiiKm: [] }
    const run = async (method: MethodName, params: unknown, on = engine) =>
      on.ended((await on.request<{ job: string }>(method, params)).job)
    const refused = { outcome: 'failed', error: { code: 'path/not-granted' } }
    expect(await engine.codeOf('experiment.plan', { name: 'a' })).toBe('path/not-granted')
    expect(await run('experiment.sweep', sweep)).toMatchObject(refused)
    expect(await run('experiment.run', { name: 'a' })).toMatchObject(refused)
    await grants.add([corpus])
    expect(await run('experiment.sweep', sweep)).toMatchObject({ outcome: 'finished' })
    await engine.stop()

    // In another window what was imported is there, and a new import is refused.
    const elsewhere = Grants.nothing()
    await elsewhere.add([project])
    const other = startEngine(elsewhere)
    expect((await other.request<ProjectView>('project.open', { directory: project })).runs).not.toEqual([])
    const { steps } = await other.request<Plan>('experiment.plan', { name: 'a' })
    expect(steps[0]).toMatchObject({ stage: 'import', state: 'done' })
    expect(await run('experiment.sweep', { ...sweep, buckets: [20] }, other)).toMatchObject({ outcome: 'finished' })
    await other.request('artefact.delete', { kind: 'corpus', id: steps[0]!.id })
    expect(await run('experiment.sweep', sweep, other)).toMatchObject(refused)
    expect(await run('experiment.run', { name: 'a' }, other)).toMatchObject(refused)
    await other.stop()
  })

  it('are asked for the file of word vectors', async () => {
    const { engine, grants, project } = await withProject('vectors')
    const vectors = join(directory, 'vectors.txt')
    await writeFile(vectors, '1 2\ngrüezi 0.1 0.2\n')
    await cp(corpus, join(project, 'corpus.txt'))
    await engine.request('experiment.save', {
      yaml: `name: a\ncorpus: {train: ../corpus.txt}\nembeddings: {method: file, file: ${vectors}}\n`,
    })
    expect(await engine.codeOf('experiment.plan', { name: 'a' })).toBe('path/not-granted')
    await grants.add([vectors])
    expect(await engine.codeOf('experiment.plan', { name: 'a' })).toBe('answered')
    await engine.stop()
  })
})
